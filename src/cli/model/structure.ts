import type { StructureUse } from "../../graph/index.ts";
import {
  evenly,
  pictureBatches,
  pictureFiles,
  PictureStore,
  type OpenModel,
} from "../../session/index.ts";
import { checkedStructure } from "../../session/structures/check.ts";
import type { Inputs } from "../../methods/types.ts";
import { inputError } from "../../base/errors.ts";
import type { Call } from "../command.ts";
import { controlOf } from "./control.ts";
import { onEngine } from "./engine.ts";

/** More pictures hardly change a statistic, and are held in memory. */
const MOST = 128;

/** Checks a structure with the pictures of a folder; the model knows the answer. Throws a ConvLensError of kind `input`. */
export async function checkStructure(
  model: OpenModel,
  use: StructureUse,
  folder: string,
  call: Call,
): Promise<void> {
  const files = evenly(await pictureFiles([folder]), MOST);
  const batches: Inputs[] = [];
  const skipped: string[] = [];
  const skip = (file: string): void => void skipped.push(file);
  for await (const { inputs } of pictureBatches(model, new PictureStore(), files, skip))
    batches.push(inputs);
  if (batches.length === 0)
    throw inputError(`None of the ${files.length} pictures in ${folder} can be read.`);
  const runner = await onEngine(model, call);
  try {
    const control = controlOf(call, "checking the structure");
    model.setStructure(await checkedStructure(runner, use, batches, control));
  } finally {
    runner.engine.dispose();
  }
}
