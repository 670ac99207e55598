import path from "node:path";
import { OpenModel } from "../../session/open/model.ts";
import { openFor } from "../../session/open/open-for.ts";
import { isArray } from "../../session/run/feed.ts";
import { isLibraryName } from "../../session/structures/library/library.ts";
import { parsePreprocess, readLabels } from "../../pictures/index.ts";
import { inputError, nearest, usageError } from "../../base/errors.ts";
import type { Layer } from "../../graph/index.ts";
import { parseSizes, type InputSize } from "../../base/preprocessing.ts";
import { namedFile, type Source } from "../arguments/parse.ts";
import type { Call } from "../command.ts";

/** Opens the model, with the labels and the preprocessing of the command line in place of the sidecar's. */
export async function openModel(file: string, call: Call): Promise<OpenModel> {
  const { structure: asked } = call.args.values;
  const first = await openAs(file, asked, call);
  for (const warning of first.summary.warnings) call.say(`warning: ${warning}`);
  const model = await useStructure(first, call);
  call.models.push(model);
  return model;
}

/** The same with this structure, in silence. */
async function openAs(
  file: string,
  structure: string | undefined,
  { args: { values, sources } }: Call,
): Promise<OpenModel> {
  const parsed = values.preprocess === undefined ? null : parsePreprocess(values.preprocess);
  const inputSize = values.size === undefined ? undefined : sizeOf(values.size);
  const open = (size?: InputSize): Promise<OpenModel> =>
    OpenModel.open(file, { inputSize: size, structure });
  const model = inputSize ? await open(inputSize) : await openFor(arraysOf(sources), open);
  if (parsed) {
    const fit = parsed.fit ?? model.preprocessing.fit;
    model.setPreprocessing({ ...parsed, fit, source: "user", why: "Given with --preprocess." });
  }
  if (values.labels !== undefined) await useLabels(model, values.labels);
  return model;
}

/** The arrays that are fed, without the names of inputs. */
const arraysOf = (sources: readonly Source[]): string[] =>
  sources.map(({ text }) => namedFile(text)?.file ?? text).filter(isArray);

/**
 * Checks the structure of a file of weights with --check-with: the model with the structure that is the likeliest. Throws a usage error for a
 * file that has a network of its own.
 */
async function useStructure(model: OpenModel, call: Call): Promise<OpenModel> {
  const { values, positionals } = call.args;
  const { structure: asked, "check-with": folder } = values;
  const { structure } = model;
  if (structure === null) {
    const option = asked !== undefined && asked !== "none" ? "--structure" : "--check-with";
    const given = option === "--structure" || folder !== undefined;
    // of two models one may be whole
    if (given && positionals.length < 3 && model.summary.notRunnable === null)
      throw usageError(`${model.summary.name} has its own network: leave ${option} out.`);
    return model;
  }
  if (folder === undefined) return model;
  const { checkStructure } = await import("./structure.ts");
  const open = (name: string): Promise<OpenModel> =>
    openAs(model.path, besideOf(model.path, name), call);
  return checkStructure(model, structure, folder, call, open);
}

/** What `StructureUse.candidates` names, from where the command runs: a file of the weights' folder. */
const besideOf = (weights: string, name: string): string =>
  isLibraryName(name) || name.startsWith("sha256:") ? name : path.join(path.dirname(weights), name);

/** Throws a usage error. */
function sizeOf(text: string): InputSize {
  const size = parseSizes(text);
  if (size) return size;
  throw usageError(
    `--size takes rows and columns, such as 224x224, a length, or depth, rows and columns, not '${text}'.`,
  );
}

/** The same, for what has to be run. */
export async function openRunnable(file: string, call: Call): Promise<OpenModel> {
  const model = await openModel(file, call);
  const { notRunnable, name } = model.summary;
  if (notRunnable !== null) throw inputError(`${name}: ${notRunnable}`);
  return model;
}

async function useLabels(model: OpenModel, file: string): Promise<void> {
  const labels = await readLabels(file);
  const { classes } = model.summary;
  if (classes !== null && labels.length !== classes)
    throw inputError(
      `The labels file ${file} has ${labels.length} labels, but the model has ${classes} classes.`,
    );
  model.setLabels(labels, file);
}

/**
 * The layers of --layer: names or aliases with commas between (a name may hold commas itself), `all` or `auto`. Throws a usage error that lists the
 * nearest names.
 */
export function pickLayers(
  model: OpenModel,
  text: string | undefined,
  choices: { readonly all: () => readonly string[]; readonly auto: () => readonly string[] },
): Layer[] {
  const names = model.graph.layers.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  if (text === undefined || (text === "auto" && !names.includes(text)))
    return choices.auto().map((name) => model.layer(name));
  if (text === "all" && !names.includes(text))
    return choices.all().map((name) => model.layer(name));
  const wanted = names.includes(text) ? [text] : text.split(",").map((name) => name.trim());
  for (const name of wanted)
    if (!names.includes(name))
      throw usageError(
        `There is no layer '${name}' in ${model.summary.name}; the nearest are ${nearest(name, names).join(", ")}.`,
      );
  return wanted.map((name) => model.layer(name));
}
