import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { Generation } from "../../files/generation.ts";
import { readStructure } from "../../formats/index.ts";
import { OpenModel } from "../open/model.ts";
import { writeEntries } from "../open/sidecar.ts";
import type { StructureChoices } from "../../shared/contract/model.ts";
import { digestFor } from "./cache.ts";
import { libraryNetworks } from "./library/index-file.ts";
import { isLibraryName } from "./library/library.ts";

/** The networks that a person may choose from, by the names that `chooseStructure` takes. */
export async function structureChoices({ structure }: OpenModel): Promise<StructureChoices> {
  const fitting = structure?.candidates ?? [];
  const names = (await libraryNetworks()).flatMap((network) => network.names);
  return { fitting, known: names.filter((name) => !fitting.includes(name)) };
}

/**
 * Takes a network for a file of weights, and remembers it in the sidecar: one that ConvLens knows or keeps (`timm/resnet50`, `sha256:...`)
 * by its name, the one of a file (`.pt2`, ONNX; a relative path from the weights' folder) by the file's name where it lies in that folder,
 * else by the digest of what is kept of it. Throws a ConvLensError of kind `input` where it does not fit; then nothing is changed.
 */
export async function chooseStructure(weights: string, named: string): Promise<void> {
  const isName = isLibraryName(named) || named.startsWith("sha256:");
  const file = isName ? named : path.resolve(path.dirname(weights), named);
  const opened = await OpenModel.open(weights, { structure: file });
  const { structure } = opened;
  opened.close();
  if (structure === null)
    throw inputError(`${path.basename(weights)} has its own network; it needs no other.`);
  await writeEntries(weights, { structure: isName ? named : nameFor(weights, file) });
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
