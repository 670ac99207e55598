import type { StructureUse } from "../../graph/index.ts";
import {
  evenly,
  pictureBatches,
  pictureFiles,
  PictureStore,
  Runner,
  ValueCache,
  type OpenModel,
} from "../../session/index.ts";
import { checkedStructure, likeliest, type Trial } from "../../session/structures/check.ts";
import type { Inputs } from "../../methods/types.ts";
import { inputError } from "../../base/errors.ts";
import type { Call } from "../command.ts";
import { controlOf } from "./control.ts";
import { onEngine } from "./engine.ts";

/** More pictures hardly change a statistic, and are held in memory. */
const MOST = 128;

/**
 * Checks a structure with the pictures of a folder, and returns the model that knows the answer: of several that the weights fit, the one that
 * the pictures speak for, opened by `open`. Throws a ConvLensError of kind `input`.
 */
export async function checkStructure(
  model: OpenModel,
  use: StructureUse,
  folder: string,
  call: Call,
  open: (structure: string) => Promise<OpenModel>,
): Promise<OpenModel> {
  const files = evenly(await pictureFiles([folder]), MOST);
  const first = await onEngine(model, call);
  const trials: Trial[] = [];
  const add = async (name: string, runner: Runner): Promise<void> => {
    trials.push({ name, runner, batches: await batchesOf(runner.model, files, folder) });
  };
  try {
    const [own = "", ...others] = use.candidates;
    await add(own, first);
    for (const name of others)
      await add(name, new Runner(await open(name), first.engine, new ValueCache(0)));
    const control = controlOf(call, "checking the structure");
    const best = await likeliest(trials, control);
    const rivals = trials.filter((trial) => trial !== best);
    const { model: chosen } = best.runner;
    const names = rivals.map(({ name }) => name);
    const candidates = names.length > 0 ? [best.name, ...names] : [];
    const source = best.name === own ? use.source : `${best.name}, which the pictures speak for`;
    const known = { ...(chosen.structure ?? use), source, candidates };
    chosen.setStructure(await checkedStructure(best, known, control, rivals));
    for (const { runner } of rivals) runner.model.close();
    return chosen;
  } finally {
    first.engine.dispose();
  }
}

/** Pictures as the model takes them. Throws a ConvLensError of kind `input` where none can be read. */
async function batchesOf(
  model: OpenModel,
  files: readonly string[],
  folder: string,
): Promise<Inputs[]> {
  const batches: Inputs[] = [];
  const skip = (): void => undefined;
  for await (const { inputs } of pictureBatches(model, new PictureStore(), files, skip))
    batches.push(inputs);
  if (batches.length > 0) return batches;
  throw inputError(`None of the ${files.length} pictures in ${folder} can be read.`);
}
