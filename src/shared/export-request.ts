/** What a person's own Python is asked to write: the network of a file of weights, made by their own program. */
import type { Library } from "./contract/code.ts";

/** A run of the helper, all of it chosen or confirmed by the person. */
export interface ExportRequest {
  /** The interpreter: a path, or a name on PATH. */
  readonly python: string;
  /** The script's absolute path. */
  readonly script: string;
  /** A class, function or variable of it: `Net`, `models.Net`. */
  readonly entry: string;
  /** `name=value` as Python has values; what is none is a text. */
  readonly given: readonly string[];
  /** The same, for those that the class or function takes. */
  readonly defaults?: readonly string[];
  /** Whose file of weights it is; Keras tells by the layout of the file what goes where. */
  readonly library: Library;
  /** Shapes of the inputs: `1x3x224x224`, `1x16:int64`; as the library has pictures. */
  readonly inputs: readonly string[];
  /** It is ended after this. */
  readonly limitSeconds: number;
}

/** The layout of a file of weights, in the folder that the helper works in. */
export const OUTLINE_FILE = "outline.json";

/** Seconds; following a large network takes one or two minutes. */
export const USUAL_LIMIT = 600;

/** The command, word by word; it is started without a shell. */
export const exportCommand = (helper: string, request: ExportRequest): readonly string[] => [
  ...[request.python, "-u", helper],
  ...["--entry", `${request.script}:${request.entry}`],
  ...request.inputs.flatMap((shape) => ["--input", shape]),
  ...request.given.flatMap((one) => ["--argument", one]),
  ...(request.defaults ?? []).flatMap((one) => ["--default", one]),
  ...(request.library === "keras" ? ["--outline", OUTLINE_FILE] : []),
];

/** A command as a person would type it. */
export const commandText = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");

/** Whether a text is a shape of an input. */
export const isShape = (text: string): boolean => /^[1-9]\d*(x[1-9]\d*)+(:\w+)?$/.test(text);
/** What a class or function is called, dots between. */
export const isEntry = (text: string): boolean =>
  /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(text);
/** `name=value`. */
export const isArgument = (text: string): boolean => /^[\p{L}_][\p{L}\p{N}_]*=/u.test(text);

/** `width=32, name='a, b'` between the parentheses of a call, as the arguments one by one; null where one has no name. */
export function argumentsIn(call: string): string[] | null {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let part = "";
  for (const sign of call) {
    if (quote !== "") quote = sign === quote ? "" : quote;
    else if (sign === "'" || sign === '"') quote = sign;
    else if ("([{".includes(sign)) depth++;
    else if (")]}".includes(sign)) depth--;
    if (sign === "," && depth === 0 && quote === "") {
      parts.push(part);
      part = "";
    } else part += sign;
  }
  const all = [...parts, part].map((one) => one.trim().replace(/^([\p{L}\p{N}_]+)\s*=\s*/u, "$1="));
  const named = all.filter((one) => one !== "");
  return named.every(isArgument) ? named : null;
}

/** What a cell of a notebook takes to write a model that is alive. */
export const NOTEBOOK_LINES = `import convlens\nconvlens.save(model, "model.pt2")\n`;
