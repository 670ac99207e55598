/** What values of options mean. */
import { usageError } from "../../base/errors.ts";
import type { ScoreKind } from "../../shared/question.ts";
import type { OptionName } from "./options.ts";
import type { Arguments } from "./parse.ts";

/** A whole number of at least `least`, or `fallback` where the option was not given. */
export function wholeNumber(
  { values }: Arguments,
  name: OptionName,
  { fallback, least = 0 }: { fallback: number; least?: number },
): number {
  const text = values[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw usageError(`--${name} ${text} is not a whole number of at least ${least}.`);
  return value;
}

/** --score, or null where the method decides. Throws a usage error. */
export const scoreOf = (args: Arguments): ScoreKind | null =>
  args.values.score === undefined
    ? null
    : oneOf<ScoreKind>(args, "score", ["logit", "probability"]);

/** What is fed, as it was given. */
export const sourcesText = ({ sources }: Arguments): string =>
  sources.map(({ text }) => text).join(" ");

/** One of `choices`, the first where the option was not given. */
export function oneOf<T extends string>(
  { values }: Arguments,
  name: OptionName,
  choices: readonly [T, ...T[]],
): T {
  const text = values[name];
  if (text === undefined) return choices[0];
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined)
    throw usageError(`--${name} ${text} is not one of ${choices.join(", ")}.`);
  return choice;
}
