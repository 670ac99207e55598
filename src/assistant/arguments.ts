import { usageError } from "../base/errors.ts";
import type { Tool, ToolArguments } from "./types.ts";

/** Arguments come from a language model: nothing about them is certain. Throws a ConvLensError of kind `usage`. */
export function checkArguments({ name, schema }: Tool, given: unknown): ToolArguments {
  if (typeof given !== "object" || given === null)
    throw usageError(`${name} needs an object of arguments.`);
  const known = Object.entries(given).filter(([key]) => Object.hasOwn(schema.properties, key));
  const args = new Map<string, string | number>();
  for (const [key, value] of known) {
    const type = schema.properties[key]?.type;
    if (value === null || value === undefined) continue;
    const fits =
      type === "string" ? typeof value === "string" && value !== "" : Number.isInteger(value);
    if (!fits)
      throw usageError(
        `${name} needs '${key}' to be ${type === "string" ? "text" : "a whole number"}.`,
      );
    args.set(key, value as string | number);
  }
  const missing = schema.required.find((key) => !args.has(key));
  if (missing !== undefined) throw usageError(`${name} needs '${missing}'.`);
  return Object.fromEntries(args);
}

/** A text among the checked arguments; "" where it was not given. */
export const textOf = (args: ToolArguments, name: string): string => String(args[name] ?? "");

/** A whole number among the checked arguments; `fallback` where it was not given. Throws a ConvLensError of kind `usage` for one below `least`. */
export function numberOf(
  args: ToolArguments,
  name: string,
  fallback: number,
  least = -Infinity,
): number {
  const value = args[name];
  const number = typeof value === "number" ? value : fallback;
  if (number < least) throw usageError(`'${name}' must be ${least} or more.`);
  return number;
}
