import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { labelsIn, readLabels } from "../../pictures/index.ts";
import type { LabelsGiven, LabelsKept } from "../../shared/contract/model.ts";
import type { OpenModel } from "./model.ts";
import { writeEntries } from "./sidecar.ts";

const IMAGENET = "imagenet-labels.txt";

/**
 * Writes names of classes into the sidecar, where they are found at the next opening. Throws a ConvLensError of kind `input` where they are
 * not one for each class, or the sidecar cannot be written: then nothing is changed.
 */
export async function keepLabels(model: OpenModel, given: LabelsGiven): Promise<LabelsKept> {
  const [labels, name] = await labelsOf(given);
  model.setLabels(labels, name);
  return { sidecar: await writeEntries(model.path, { labels }), count: labels.length };
}

async function labelsOf(given: LabelsGiven): Promise<[string[], string]> {
  if (given !== "imagenet" && "text" in given)
    return [labelsIn(given.text, given.name), given.name];
  const file = given === "imagenet" ? imageNet() : given.file;
  return [await readLabels(file), path.basename(file)];
}

/** Beside the built code, or as a sample. */
function imageNet(): string {
  const beside = fileURLToPath(new URL(`./${IMAGENET}`, import.meta.url));
  const sample = fileURLToPath(new URL(`../../../samples/${IMAGENET}`, import.meta.url));
  return existsSync(beside) ? beside : sample;
}
