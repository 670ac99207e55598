import { nearest, usageError } from "../../base/errors.ts";
import type { About, MethodOptions } from "../../shared/method.ts";
import type { Call } from "../command.ts";
import type { OptionName } from "./options.ts";
import type { Arguments } from "./parse.ts";

/** The method of --method, the first where none is given. Throws a usage error that lists the nearest names. */
export function pickMethod<T extends string>(
  { values }: Arguments,
  methods: readonly [T, ...T[]],
): T {
  const text = values.method ?? methods[0];
  const method = methods.find((candidate) => candidate === text);
  if (method !== undefined) return method;
  const near = nearest(text, [...methods]);
  throw usageError(`There is no method '${text}'; the nearest are ${near.join(", ")}.`);
}

/** Options that only some methods of a command use; one pixel is what every attack changes. */
const OWN = ["steps", "layer", "population", "top", "seed", "baseline"] as const satisfies readonly (keyof MethodOptions)[]; // prettier-ignore
/** What else makes use of them. */
const SERVES: { readonly [option in (typeof OWN)[number]]?: OptionName } = {
  seed: "sanity",
  baseline: "trust",
};

/** The record of the command's method: `otherwise` where none is given. What it makes no use of is said. */
export function methodOf<I extends string, A extends About & { readonly id: I }>(
  { args, say }: Pick<Call, "args" | "say">,
  table: Readonly<Record<I, A>>,
  otherwise: NoInfer<I>,
): A {
  const others = (Object.keys(table) as I[]).filter((id) => id !== otherwise);
  const about = table[pickMethod(args, [otherwise, ...others])];
  const records = Object.values<A>(table);
  for (const name of OWN) {
    const users = records.filter(({ options }) => options[name] !== undefined);
    if (args.values[name] === undefined || users.length === 0 || users.includes(about)) continue;
    const other = SERVES[name];
    if (other !== undefined && args.values[other] !== undefined) continue;
    say(
      `--${name} has no effect with ${about.id}: it is for ${users.map(({ id }) => id).join(", ")}.`,
    );
  }
  return about;
}
