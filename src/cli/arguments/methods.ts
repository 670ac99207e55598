import { nearest, usageError } from "../../base/errors.ts";
import type { Arguments } from "./options.ts";

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
