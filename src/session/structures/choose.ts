import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { Generation } from "../../files/generation.ts";
import { readStructure } from "../../formats/index.ts";
import { OpenModel } from "../open/model.ts";
import { writeEntries } from "../open/sidecar.ts";
import { digestFor } from "./cache.ts";

/**
 * Takes the network of `file` (`.pt2`, ONNX) for a file of weights, and remembers it in the sidecar: by its name where it lies in the same
 * folder, else by the digest of what is kept of it. Throws a ConvLensError of kind `input` where it does not fit; then nothing is changed.
 */
export async function chooseStructure(weights: string, file: string): Promise<void> {
  const opened = await OpenModel.open(weights, { structure: file });
  const { structure } = opened;
  opened.close();
  if (structure === null)
    throw inputError(`${path.basename(weights)} has its own network; it needs no other.`);
  await writeEntries(weights, { structure: nameFor(weights, file) });
}

function nameFor(weights: string, file: string): string {
  const [here, there] = [weights, file].map((one) => path.dirname(path.resolve(one)));
  if (here === there) return path.basename(file);
  const files = new Generation();
  const structure = readStructure(file, files);
  const digest = digestFor(structure);
  structure.close();
  files.check();
  if (digest !== null) return `sha256:${digest}`;
  throw inputError(
    `${path.basename(file)} is too large to be remembered; copy it beside ${path.basename(weights)}.`,
  );
}
