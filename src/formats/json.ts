import { inputError } from "../base/errors.ts";
import { Impossible } from "./lower/unsupported.ts";

/** A parsed JSON document. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** As `JSON.parse` makes it: its keys are the file's, so it is asked by `member`. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Nesting beyond this is an attack, not a network. */
export const MAX_DEPTH = 100;
const MAX_NESTING = 500;

/** Python writes NaN and Infinity, which JSON does not have. Throws a ConvLensError of kind `input`. */
export function parseJson(text: string, what: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    try {
      value = JSON.parse(withoutPythonNumbers(text)) as Json;
    } catch {
      throw inputError(`${what} is not JSON; save the model again.`);
    }
  }
  if (nesting(value) > MAX_NESTING)
    throw inputError(`${what} is nested deeper than ${MAX_NESTING} levels, which no network is.`);
  return value;
}

function withoutPythonNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token: string) =>
    token.startsWith('"')
      ? token
      : token.endsWith("NaN")
        ? "null"
        : token.replace("Infinity", "1e999"),
  );
}

/** Without recursion: the value is not trusted. Stops counting behind the limit. */
function nesting(value: Json): number {
  let level: readonly Json[] = [value];
  let depth = 0;
  while (level.length > 0 && depth <= MAX_NESTING) {
    depth++;
    level = level.flatMap((item) =>
      isList(item) ? [...item] : isObject(item) ? Object.values(item) : [],
    );
  }
  return depth;
}

/** Whether a value is a list. */
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
/** Whether a value is an object with keys. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member that is the object's own: a file cannot reach what objects inherit. */
export const member = (value: Json | undefined, key: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** A text; null for everything else. */
export const text = (value: Json | undefined): string | null =>
  typeof value === "string" ? value : null;

/** Numbers in a nested list, in order; null when there is anything else in it. */
export function flatNumbers(value: Json | undefined): number[] | null {
  if (typeof value === "number") return [value];
  if (!isList(value)) return null;
  const parts = value.map(flatNumbers);
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

/** Shape of a nested list of numbers. */
export function nestedShape(value: Json | undefined): number[] {
  return isList(value) ? [value.length, ...nestedShape(value[0])] : [];
}

/** A layer's configuration with typed reading; a value of another type counts as not given. */
export class Config {
  constructor(readonly values: JsonObject) {}

  /** The same settings with others in front. */
  with(values: JsonObject): Config {
    return new Config({ ...this.values, ...values });
  }
  has(key: string): boolean {
    const value = member(this.values, key);
    return value !== undefined && value !== null;
  }
  get(key: string): Json | undefined {
    return member(this.values, key);
  }
  string(key: string, fallback: string): string {
    return text(this.get(key)) ?? fallback;
  }
  /** Keras writes some numbers as one-element lists or as `{ config: { value } }`. Throws `Impossible` for a text: it would count as not given. */
  number(key: string, fallback: number): number {
    const value = this.get(key);
    if (typeof value === "number") return value;
    if (typeof value === "string")
      throw new Impossible(`the setting '${key}' is a text, no number`);
    const wrapped = member(member(value, "config"), "value");
    return typeof wrapped === "number" ? wrapped : fallback;
  }
  boolean(key: string, fallback: boolean): boolean {
    const value = this.get(key);
    return typeof value === "boolean" ? value : typeof value === "number" ? value !== 0 : fallback;
  }
  numbers(key: string): number[] | null {
    return flatNumbers(this.get(key));
  }
}
