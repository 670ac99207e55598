import { usageError } from "../../base/errors.ts";
import { namesClasses, type OpenModel } from "../../session/index.ts";
import { parseTarget, type Where } from "../../shared/where.ts";
import type { Arguments } from "./parse.ts";

/** What --output, --target, --like and --class say: classes are text still, numbers, labels or `top`. */
export interface TargetText {
  readonly output: string | null;
  readonly where: Where | null;
  readonly classes: string;
  /** Whether classes are named, rather than the most likely ones. */
  readonly named: boolean;
}

/** Throws a usage error for an output that is not there, and for a class or a place that is named twice. */
export function targetOf({ values }: Arguments, model: OpenModel): TargetText {
  const { target, class: ofOption } = values;
  const { where, classes } = placeOf(values);
  if (classes !== null && ofOption !== undefined)
    throw usageError(`--target ${String(target)} names a class already: leave --class out.`);
  const text = classes ?? ofOption ?? "top";
  return {
    output: outputOf(values, model),
    ...{ where, classes: text, named: namesClasses(text) },
  };
}

type Values = Arguments["values"];

/** The name of the output of --output; null: none is named. */
export const outputOf = ({ output }: Values, model: OpenModel): string | null =>
  output === undefined ? null : model.outputs.find(output).spec.name;

/** The place of --target or --like, and the class behind it. */
export function placeOf({ target, like }: Values): ReturnType<typeof parseTarget> {
  if (like === undefined)
    return target === undefined ? { where: null, classes: null } : parseTarget(target);
  if (target !== undefined)
    throw usageError("--like says what is asked about: leave --target out.");
  return { where: { kind: "like", file: like }, classes: null };
}
