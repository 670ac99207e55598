import { nearest, usageError } from "../shared/errors.ts";
import type { Arguments } from "./options.ts";

/** The method of --method, the first where none is given. Throws a usage error that lists the nearest names. */
export function pickMethod<T extends string>(
  { values }: Arguments,
  methods: readonly [T, ...T[]],
  later: readonly string[] = [],
): T {
  const text = values.method ?? methods[0];
  const method = methods.find((candidate) => candidate === text);
  if (method !== undefined) return method;
  if (later.includes(text)) throw usageError(`The method ${text} is not yet there.`);
  const near = nearest(text, [...methods, ...later]);
  throw usageError(`There is no method '${text}'; the nearest are ${near.join(", ")}.`);
}
