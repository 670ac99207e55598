import path from "node:path";
import { loadAhead } from "../engine/native/ahead.ts";
import { ConvLensError, EXIT_CODES, nearest, usageError, type ErrorKind } from "../base/errors.ts";
import { harmless, plainText } from "../base/plain-text.ts";
import type { OpenModel } from "../session/open/model.ts";
import { Artifacts } from "./output/artifacts.ts";
import { filesRead } from "./output/not-over.ts";
import { structureText } from "../session/structures/words.ts";
import type { StructureUse } from "../graph/index.ts";
import type { Call, Command, Result } from "./command.ts";
import { ALIASES, type CommandName } from "./command-names.ts";
import { COMMANDS } from "./commands.ts";
import { helpText } from "./arguments/help.ts";
import { namedFile, parseArguments, type Arguments } from "./arguments/parse.ts";
import { refuseUnused } from "./arguments/used.ts";
import { version } from "./version.ts";

/** Where a call's text goes. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

/** Runs the command line; returns the exit code and never throws. */
export async function run(
  args: readonly string[],
  given: Streams,
  signal: AbortSignal,
): Promise<number> {
  // whatever a file or a folder is called, a terminal shows it and obeys none of it
  const streams: Streams = {
    out: (text) => {
      given.out(harmless(text));
    },
    err: (text) => {
      given.err(harmless(text));
    },
  };
  const json = args.includes("--json");
  try {
    const parsed = parseArguments(args);
    if (parsed.values.version !== undefined) streams.out(`${await version()}\n`);
    else if (parsed.values.help !== undefined || args.length === 0) streams.out(helpText());
    else streams.out(await answer(parsed, streams, signal));
    return args.length === 0 ? EXIT_CODES.usage : 0;
  } catch (error) {
    const { kind, message } = toConvLensError(error);
    streams.err(`convlens: ${message}\n`);
    if (json) streams.out(`${JSON.stringify({ error: { kind, message } }, null, 2)}\n`);
    return EXIT_CODES[kind];
  }
}

async function answer(args: Arguments, streams: Streams, signal: AbortSignal): Promise<string> {
  const [given = "", model = "", ...others] = args.positionals;
  const name = commandName(given);
  refuseUnused(args, name);
  const command = await load(name, model !== "" && args.values.engine !== "wasm");
  if (command.needsModel && model === "")
    throw usageError(`convlens ${name} needs a model: convlens ${name} MODEL [options].`);
  if (others.length > 0 && !command.takesFiles)
    throw usageError(`'${others.join(" ")}' is one argument too many.`);
  await judgePictures(args);
  const started = performance.now();
  const { result, artifacts, models } = await ofOneGeneration(command, model, {
    args,
    signal,
    streams,
  });
  if (command.speaksProtocol) return "";
  const seconds = (performance.now() - started) / 1000;
  const structures = models.map(({ structure }) => structure);
  const about = { ...spokenOf(models[0]), ...structureOf(structures) };
  const found = { ...result, document: { ...about, ...result.document } };
  const document = documentOf(model === "" ? null : model, found, artifacts, seconds);
  // under the name that was asked for
  await artifacts.document(given, document);
  return args.values.json === undefined ? human(result, structures, artifacts, seconds) : document;
}

/** A file may be called anything: what is said of it on the way is one line. */
const MOST_OF_A_LINE = 4000;
/** A command begins again, so often in all, where it could not read on in files that have changed. */
const MOST_TIMES = 3;

/** What a command answers, and what it wrote; that it is of files as they are no longer is said. */
async function ofOneGeneration(
  command: Command,
  model: string,
  { args, signal, streams }: Pick<Call, "args" | "signal"> & { readonly streams: Streams },
): Promise<{ result: Result } & Pick<Call, "artifacts" | "models">> {
  const notes: string[] = [];
  const sayNotes = (): void => {
    for (const line of notes.splice(0)) streams.err(`${plainText(line, MOST_OF_A_LINE)}\n`);
  };
  const say = (line: string): void => {
    sayNotes();
    streams.err(`${plainText(line, MOST_OF_A_LINE)}\n`);
  };
  for (let times = 1; ; times++) {
    const models: OpenModel[] = [];
    const changed = async (): Promise<string | null> => {
      for (const one of models) {
        const file = await one.changed();
        if (file !== null) return path.basename(file);
      }
      return null;
    };
    const artifacts = new Artifacts(args.values.out ?? null, filesRead(args));
    const note = (line: string): void => void notes.push(line);
    try {
      const result = await command.run(model, { args, artifacts, signal, models, say, note });
      const file = await changed();
      if (file !== null)
        note(`'${file}' was changed meanwhile: the answer is of the files as they were before.`);
      sayNotes();
      return { result, artifacts, models };
    } catch (error) {
      const file = signal.aborted || times === MOST_TIMES ? null : await changed();
      if (file === null) throw error;
      notes.length = 0;
      say(`'${file}' was changed meanwhile: it is read again.`);
      for (const one of models) one.close();
    }
  }
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

function commandName(given: string): CommandName {
  if (given === "") throw usageError("Give a command; convlens --help lists them.");
  const name = Object.hasOwn(ALIASES, given) ? ALIASES[given] : given;
  if (name !== undefined && isCommand(name)) return name;
  throw usageError(
    `There is no command '${given}'; the nearest are ${nearest(given, Object.keys(COMMANDS)).join(", ")}.`,
  );
}

/** A picture that cannot be read is said at once, not after a model and an engine took their time and memory. */
async function judgePictures({ sources }: Arguments): Promise<void> {
  const pictures = sources.filter(({ kind }) => kind === "image");
  if (pictures.length === 0) return;
  const { judgePicture } = await import("../pictures/index.ts");
  for (const { text } of pictures) {
    const named = namedFile(text);
    // a folder's name may hold "=" as well
    await judgePicture(named && !/[/\\]/.test(named.name) ? named.file : text);
  }
}

/** `native`: whether the native engine may be wanted. */
async function load(name: CommandName, native: boolean): Promise<Command> {
  const entry = COMMANDS[name];
  if (entry.runs && native) loadAhead();
  return (await entry.load()).command;
}

function documentOf(
  model: string | null,
  { engine, document }: Result,
  artifacts: Artifacts,
  seconds: number,
): string {
  const { arrays, pictures } = artifacts;
  const whole = {
    ...(model !== null && { model }),
    engine: engine?.name ?? "file",
    ...(engine && { engineVersion: engine.version }),
    seconds,
    ...document,
    arrays,
    ...(artifacts.folder !== null && { out: artifacts.folder, files: pictures }),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** The input and the output that a result speaks about, where its command says nothing else: the first of each; null: there is none. */
function spokenOf(model: OpenModel | undefined): Record<string, unknown> {
  if (!model) return {};
  const { pictures, inputs } = model.summary;
  const [output] = model.outputs.own;
  return { input: pictures[0] ?? inputs[0]?.name ?? null, output: output?.spec.name ?? null };
}

/** Where the networks of files of weights come from: the model's, and the other's where two are compared. */
function structureOf(
  structures: readonly (StructureUse | null)[],
): Readonly<Record<string, StructureUse>> {
  const [own, other] = structures;
  return { ...(own && { structure: own }), ...(other && { otherStructure: other }) };
}

function human(
  { engine, text }: Result,
  structures: readonly (StructureUse | null)[],
  { folder, arrays, pictures }: Artifacts,
  seconds: number,
): string {
  const files = [...arrays.flatMap(({ file }) => file ?? []), ...pictures];
  const by = engine ? `${engine.name}: ${engine.version}, ` : "";
  const known = structures.flatMap((use) => (use ? [structureText(use)] : []));
  return [
    text,
    ...new Set(known),
    ...(folder !== null && files.length > 0
      ? [`written to ${plainText(folder)}: ${files.join(", ")}`]
      : []),
    `${by}${seconds.toFixed(2)} s\n`,
  ].join("\n\n");
}

function toConvLensError(error: unknown): ConvLensError {
  const message = error instanceof Error ? error.message : String(error);
  // by its kind, not its class: an error may come from another copy of the module
  const kind = error instanceof Error ? (error as { kind?: unknown }).kind : null;
  if (isKind(kind)) return new ConvLensError(kind, message, { cause: error });
  return new ConvLensError("compute", message, { cause: error });
}

const isKind = (kind: unknown): kind is ErrorKind =>
  typeof kind === "string" && Object.hasOwn(EXIT_CODES, kind);
