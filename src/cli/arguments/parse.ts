/** From words to options, each checked for a value. */
import { parseArgs } from "node:util";
import { nearest, usageError } from "../../base/errors.ts";
import { isOption, OPTIONS, type OptionName } from "./options.ts";

/** A picture or an array, as given on the command line and in that order. */
export interface Source {
  readonly kind: "image" | "input";
  readonly text: string;
}
/** `NAME=FILE` as the two that it names, where a file may have a "=" in its own name; null for a file alone. */
export function namedFile(text: string): { readonly name: string; readonly file: string } | null {
  const at = text.indexOf("=");
  return at > 0 ? { name: text.slice(0, at), file: text.slice(at + 1) } : null;
}

/** A command line, read; the values are still text. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly sources: readonly Source[];
  /** Every --root. */
  readonly roots: readonly string[];
  /** Every --argument. */
  readonly parameters: readonly string[];
  /** The last value of every option that was given; switches are "". */
  readonly values: Readonly<Partial<Record<OptionName, string>>>;
}

/** Reads the arguments; throws a usage error that names the nearest option. */
export function parseArguments(args: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { value }]) => [
      name,
      { type: value === null ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const { tokens } = parseArgs({
    ...{ args: withoutShort(args), options },
    ...{ strict: false, allowPositionals: true, tokens: true },
  });
  const positionals: string[] = [];
  const sources: Source[] = [];
  const roots: string[] = [];
  const parameters: string[] = [];
  const values: Partial<Record<OptionName, string>> = {};
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const name = known(token.name, token.rawName);
    const value = checked(name, token.value);
    if (name === "image" || name === "input") sources.push({ kind: name, text: value });
    if (name === "root") roots.push(value);
    if (name === "argument") parameters.push(value);
    values[name] = value;
  }
  return { positionals, sources, roots, parameters, values };
}

const withoutShort = (args: readonly string[]): string[] =>
  args.map((arg) => (arg === "-h" ? "--help" : arg));

function known(name: string, raw: string): OptionName {
  if (isOption(name)) return name;
  const near = nearest(name, Object.keys(OPTIONS)).map((candidate) => `--${candidate}`);
  throw usageError(`There is no option ${raw}; the nearest are ${near.join(", ")}.`);
}

function checked(name: OptionName, value: string | undefined): string {
  if (OPTIONS[name].value === null) {
    if (value !== undefined) throw usageError(`--${name} takes no value.`);
    return "";
  }
  if (value === undefined || value === "" || value.startsWith("--"))
    throw usageError(`--${name} needs a value: --${name} ${OPTIONS[name].value}.`);
  return value;
}
