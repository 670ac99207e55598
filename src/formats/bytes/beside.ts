/** Files that a model names: shards of weights, external data. They lie in the model's own folder, or are not read. */
import { realpathSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { inputError } from "../../base/errors.ts";
import type { Generation } from "../../files/generation.ts";
import { isBelow } from "../../files/real-place.ts";
import { FileSource } from "./source.ts";

/** A folder of the model `model` (its name in messages). */
export interface Folder {
  readonly path: string;
  readonly model: string;
  readonly generation: Generation;
}

/** Takes the stamps of files that will be opened later, so that all are of one generation. */
export function expectBeside({ path, generation }: Folder, names: Iterable<string>): void {
  for (const name of names) {
    const parts = partsOf(name);
    if (parts) generation.add(join(path, ...parts));
  }
}

/**
 * Opens the file `name` of a folder, as its model asks for it. An address, an absolute path, a path that climbs, and a link that
 * leads out of the folder are refused. Throws a ConvLensError of kind `input`.
 */
export function openBeside({ path: folder, model, generation }: Folder, name: string): FileSource {
  const parts = partsOf(name);
  if (!parts) throw refused(name, model);
  const path = join(folder, ...parts);
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    throw inputError(
      `'${model}' needs the file '${name}' beside it, which is not there; copy the whole folder.`,
    );
  }
  if (!isBelow(real, realpathSync(folder))) throw refused(name, model);
  return new FileSource(path, generation).keepWithin(folder, () => refused(name, model));
}

/** Null for what lies in no folder of the model's. */
function partsOf(name: string): string[] | null {
  const parts = name.split(/[\\/]/);
  const address = /^[a-z][a-z0-9+.-]*:/i.test(name);
  const leaves = address || isAbsolute(name) || parts[0] === "" || parts.includes("..");
  return leaves || name.includes("\0") ? null : parts;
}

const refused = (name: string, model: string): Error =>
  inputError(
    `'${model}' keeps its numbers in '${name.slice(0, 200)}', outside its own folder, which is never read; save the model with its files together.`,
  );
