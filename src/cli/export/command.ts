import path from "node:path";
import { stat } from "node:fs/promises";
import { inputError, usageError } from "../../base/errors.ts";
import { harmless } from "../../base/plain-text.ts";
import { findExecutable } from "../../native/executables.ts";
import { pythonsOf } from "../../native/pythons.ts";
import { exportStructure, helperFile, inputsOf, suggested } from "../../session/index.ts";
import {
  commandText,
  exportCommand,
  isArgument,
  isEntry,
  isShape,
  USUAL_LIMIT,
  type ExportRequest,
} from "../../shared/export-request.ts";
import type { Arguments } from "../arguments/parse.ts";
import { wholeNumber } from "../arguments/values.ts";
import { controlOf } from "../model/control.ts";
import { openModel } from "../model/open.ts";
import type { Call, Command } from "../command.ts";

/** A file of weights gets its network from the program that made it, run once by the person's own Python. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const request = await requestOf(file, call.args);
    const helper = await helperFile();
    call.say(`runs: ${commandText(exportCommand(helper, request))}`);
    call.say(`which imports ${request.script}; the helper is ${helper}`);
    const log = (text: string): void => void process.stderr.write(harmless(text));
    await exportStructure(file, request, controlOf(call, "exporting"), log);
    return told(file, request, call);
  },
};

async function told(
  file: string,
  { script, entry }: ExportRequest,
  call: Call,
): ReturnType<Command["run"]> {
  const model = await openModel(file, call);
  const { name, layers, notRunnable } = model.summary;
  const opaque = layers.filter((layer) => layer.opaque !== null).length;
  const whole = opaque === 0 ? "all understood" : `${opaque} of them not executed`;
  return {
    engine: null,
    document: { entry: `${script}:${entry}`, layers: layers.length, opaque, notRunnable },
    text: `${name} has its network now: ${layers.length} layers, ${whole}.${
      model.structure ? "" : ` ${notRunnable ?? ""}`
    }`,
  };
}

async function requestOf(file: string, args: Arguments): Promise<ExportRequest> {
  const { script, entry } = await entryOf(args.values.entry);
  const shapes = args.sources.map(({ text }) => text);
  const odd = shapes.find((shape) => !isShape(shape));
  if (odd !== undefined)
    throw usageError(
      `--input '${odd}' is no shape; give it as 1x3x224x224 (1x16:int64 for others).`,
    );
  const unnamed = args.parameters.find((one) => !isArgument(one));
  if (unnamed !== undefined)
    throw usageError(`--argument '${unnamed}' has no name; give it as name=value.`);
  const known = await suggested(file);
  return {
    ...{ python: pythonOf(args.values.python), script, entry, given: args.parameters },
    defaults: known.settings,
    library: known.library,
    inputs: shapes.length > 0 ? shapes : inputsOf(known, known.size),
    limitSeconds: wholeNumber(args, "time-limit", { fallback: USUAL_LIMIT, least: 1 }),
  };
}

async function entryOf(text: string | undefined): Promise<{ script: string; entry: string }> {
  const colon = text?.lastIndexOf(":") ?? -1;
  const [script, entry] = [text?.slice(0, colon) ?? "", text?.slice(colon + 1) ?? ""];
  if (colon < 1 || !isEntry(entry))
    throw usageError(
      "Name the class or function that makes the network: --entry model.py:Net (it is run by your Python).",
    );
  const file = path.resolve(script);
  const facts = await stat(file).catch(() => null);
  if (!facts?.isFile()) throw inputError(`There is no script ${script}.`);
  return { script: file, entry };
}

/** The absolute path of the interpreter. */
function pythonOf(asked: string | undefined): string {
  const named = asked !== undefined && /[/\\]/.test(asked) ? path.resolve(asked) : asked;
  const choices = named === undefined ? pythonsOf(process.env) : [named];
  for (const choice of choices) {
    const found = findExecutable(choice, process.env, []);
    if (found !== null) return found;
  }
  throw asked === undefined
    ? usageError("No Python is on PATH: give it with --python PATH.")
    : inputError(`There is no Python at ${asked}.`);
}
