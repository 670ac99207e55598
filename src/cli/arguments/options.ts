import { parseArgs } from "node:util";
import { nearest, usageError } from "../../base/errors.ts";
import { PICTURE_NAMES } from "../../shared/picture-kinds.ts";
import type { ScoreKind } from "../../shared/question.ts";
import type { CommandName } from "../command-names.ts";

/** One option. */
interface OptionHelp {
  /** Its value's name in the help; null for a switch. */
  readonly value: string | null;
  readonly help: string;
  /** The commands that use it; left out: all, since it is about the model, the machine or the result. */
  readonly of?: readonly CommandName[];
}

/** Commands that look at a picture or an array. */
const LOOKS = ["predict", "activations", "cam", "attribute", "attack"] as const;

/** Commands that ask about a target. */
const EXPLAINS = ["cam", "attribute", "attack", "maximize", "compare", "report"] as const;

/** Commands that open a model. */
const OPENS = [
  ...["inspect", "filters", "predict", "activations", "cam", "attribute", "attack"],
  ...["maximize", "census", "profile", "compare", "report", "doctor"],
] as const satisfies readonly CommandName[];

/** All options by name, in the order of the help. */
export const OPTIONS = {
  image: {
    value: "FILE",
    help: `a picture (${PICTURE_NAMES.join(", ")}); compare: one for both, or two`,
    of: [...LOOKS, "maximize", "census", "profile", "compare", "report", "doctor"],
  },
  input: {
    value: "[NAME=]FILE.npy",
    help: "a preprocessed float32 array (N,H,W,C), used as it is; export: the input's shape, such as 1x3x224x224",
    of: [...LOOKS, "compare", "report", "export"],
  },
  preprocess: { value: "HOW", help: "auto, a name, or mean=..,std=..,scale=..,order=rgb|bgr" },
  size: { value: "HxW", help: "rows and columns of the input, for a model that leaves them free" },
  structure: {
    value: "FILE|NAME",
    help: "for a file of weights: the .pt2 or ONNX file of its network, a name (timm/resnet50), or none",
    of: OPENS,
  },
  "check-with": {
    value: "DIR",
    help: "for a file of weights: pictures like its training's, to check its network",
    of: OPENS,
  },
  labels: { value: "FILE", help: "class names, one a line or a JSON array" },
  layer: {
    value: "NAMES",
    help: "layer names with commas between, all, or auto; cam merges several",
    of: ["filters", "activations", "maximize", "cam", "attribute", "profile", "compare"],
  },
  filter: {
    value: "NUMBERS",
    help: "filter numbers with commas between",
    of: ["filters", "maximize", "profile"],
  },
  class: {
    value: "CLASSES",
    help: "top, top:K, class numbers or labels, with commas between",
    of: ["cam", "attribute", "attack", "maximize", "compare", "report"],
  },
  on: {
    value: "INPUT",
    help: "which of several pictures the map is of, by its name in the model",
    of: ["cam", "attribute"],
  },
  output: {
    value: "NAME",
    help: "which output of the model, by its name or its number from 0 (the first)",
    of: ["predict", ...EXPLAINS],
  },
  target: {
    value: "TARGET",
    help: "what is asked about: class:K, box:N, pixel:ROW,COLUMN, polygon:ROW,COLUMN,..., region:FILE.png, predicted, unit:N, token:N, like:PICTURE or mean, most with ,class:K behind; attack: a class alone is the one to reach",
    of: EXPLAINS,
  },
  like: {
    value: "PICTURE",
    help: "how alike the embedding is to that of this picture (as --target like:PICTURE)",
    of: EXPLAINS,
  },
  minus: { value: "CLASS", help: "the map of --class minus that of this class", of: ["cam"] },
  method: {
    value: "NAME",
    help: "which method, such as hires-cam; they are listed below",
    of: ["cam", "attribute", "attack", "maximize", "compare"],
  },
  score: {
    value: "KIND",
    help: "logit (as it is by default) or probability; predict, report: the least of a box, 0 to 1 (0.25)",
    of: ["cam", "attribute", "predict", "report"],
  },
  iou: {
    value: "N",
    help: "how much of their union two boxes of a class may share, 0 to 1 (0.45)",
    of: ["predict", "report"],
  },
  top: {
    value: "K",
    help: "how many classes to list (5); attack by screen: pixels to try (256)",
    of: ["predict", "compare", "attack"],
  },
  root: {
    value: "DIR",
    help: "a folder that assistants may read, once or more (else what the client gives, or this one)",
    of: ["mcp"],
  },
  python: { value: "PATH", help: "the Python that the program runs in", of: ["export"] },
  entry: {
    value: "FILE.py:NAME",
    help: "the class, function or variable that makes the network",
    of: ["export"],
  },
  argument: {
    value: "NAME=VALUE",
    help: "an argument for it, once or more (else what the checkpoint keeps of them)",
    of: ["export"],
  },
  "time-limit": { value: "SECONDS", help: "ends the program after this (600)", of: ["export"] },
  engine: { value: "NAME", help: "auto, native or wasm" },
  batch: {
    value: "N",
    help: "pictures that are run at a time (at most 16 of 224x224, and what 1 GB takes)",
  },
  seed: {
    value: "N",
    help: "seed of what is random (0)",
    of: ["cam", "attribute", "attack", "maximize", "profile"],
  },
  steps: {
    value: "N",
    help: "steps of what is iterated; samples, masks, generations; occlusion: side of the window",
    of: ["attribute", "attack", "maximize", "profile"],
  },
  baseline: {
    value: "NAME",
    help: "what stands for nothing: black, mean (colour) or blurred",
    of: ["attribute"],
  },
  trust: {
    value: null,
    help: "deletion and insertion, how well the map orders pixels",
    of: ["cam", "attribute"],
  },
  sanity: {
    value: null,
    help: "whether the map changes when the weights are shuffled",
    of: ["cam", "attribute"],
  },
  images: {
    value: "DIR",
    help: "a folder of pictures; maximize: what they reach is told beside",
    of: ["census", "maximize", "profile", "report"],
  },
  recipe: { value: "FILE", help: "do again what a recipe.json says", of: ["maximize"] },
  objective: {
    value: "TERMS",
    help: "a sum such as 'conv3:4 + 0.5*conv3:7@3,5 - class:285' (@ROW,COLUMN: one cell)",
    of: ["maximize"],
  },
  neuron: {
    value: "ROW,COLUMN",
    help: "one cell of the filter's map, not its mean",
    of: ["maximize"],
  },
  direction: {
    value: "FILE.npy",
    help: "one number per channel, in place of --filter; LAYER:direction in TERMS",
    of: ["maximize"],
  },
  "cosine-power": {
    value: "P",
    help: "a direction times the cosine to the power P (0)",
    of: ["maximize"],
  },
  copies: {
    value: "N",
    help: "pictures of each target, from different starts (1)",
    of: ["maximize"],
  },
  diversity: {
    value: "W",
    help: "weight of what the copies have in common (1)",
    of: ["maximize"],
  },
  tv: { value: "W", help: "weight of the total variation", of: ["maximize"] },
  l1: {
    value: "W",
    help: "weight of the mean distance of pixels (0..1) from gray",
    of: ["maximize"],
  },
  l2: { value: "W", help: "weight of the root mean square of that distance", of: ["maximize"] },
  pixels: { value: "K", help: "how many pixels may change (1)", of: ["attack"] },
  toward: {
    value: "CLASS",
    help: "the class to reach, else any other; of a number high (as by default) or low",
    of: ["attack"],
  },
  population: { value: "N", help: "candidates of a generation (400)", of: ["attack"] },
  gif: { value: "FILE", help: "its steps as an animated GIF", of: ["maximize"] },
  out: { value: "DIR", help: "write arrays (.npy), pictures (.png) and the result (.json) there" },
  json: { value: null, help: "exactly one JSON document on standard output" },
  "install-native": { value: null, help: "get or repair the native engine", of: ["doctor"] },
  help: { value: null, help: "this text" },
  version: { value: null, help: "the version" },
} as const satisfies Record<string, OptionHelp>;

/** An option's name, without its dashes. */
export type OptionName = keyof typeof OPTIONS;
const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

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

/** Throws a usage error for an option that the command makes no use of: it would be ignored. */
export function refuseUnused({ values }: Arguments, command: CommandName): void {
  for (const name of Object.keys(values) as OptionName[]) {
    const { of }: OptionHelp = OPTIONS[name];
    if (of && !of.includes(command))
      throw usageError(
        `convlens ${command} makes no use of --${name}, which is for ${of.join(", ")}: leave it out.`,
      );
  }
}

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
