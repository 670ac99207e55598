/** Models that are folders: which file describes them, and which files they are made of. */
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { inputError } from "../base/errors.ts";
import { stampNow } from "../files/generation.ts";
import { DESCRIBING_FILES, MODEL_PARTS } from "../shared/model-folder.ts";

const MOST_FILES = 1000;
/** What Orbax writes into the folder of a step, or of an item of it: its own metadata, and the index of its chunks. */
const ORBAX = ["_CHECKPOINT_METADATA", "_METADATA", "manifest.ocdbt"];

const factsOf = (path: string): ReturnType<typeof statSync> | null => {
  try {
    return statSync(path);
  } catch {
    return null;
  }
};
const isFolder = (path: string): boolean => factsOf(path)?.isDirectory() === true;

/** The file to read for `path`: itself, or the one that describes the folder. Throws a ConvLensError of kind `input`. */
export function describingFile(path: string): string {
  if (!isFolder(path)) return path;
  const found = DESCRIBING_FILES.map((name) => join(path, name)).find((file) =>
    factsOf(file)?.isFile(),
  );
  if (found !== undefined) return found;
  if (ORBAX.some((name) => factsOf(join(path, name)) || factsOf(join(path, "default", name))))
    throw inputError(
      `'${basename(path)}' is a checkpoint of Orbax (Flax, JAX), whose chunks are not read here; write its parameters with flax.serialization.to_bytes into a '.msgpack' file, or the network as a SavedModel with jax2tf.`,
    );
  throw inputError(
    `'${basename(path)}' is a folder without a '${DESCRIBING_FILES.join("' or '")}', so no SavedModel and no TF.js model; give the model's own file or folder.`,
  );
}

/**
 * The files that a model is made of, as far as they can be told without reading it: the file, or those of its folder. What
 * is missing is left out.
 */
export function modelFiles(path: string): { path: string; size: number }[] {
  const facts = factsOf(path);
  if (!facts) return [];
  const name = basename(path);
  const folder = facts.isDirectory()
    ? path
    : DESCRIBING_FILES.includes(name)
      ? join(path, "..")
      : null;
  if (folder === null) return [{ path, size: Number(facts.size) }];
  const own = MODEL_PARTS.flatMap((part) => listed(join(folder, part)));
  return own
    .filter((file) => /\.(pb|json|bin|index|data-\d+-of-\d+)$|shard/.test(file))
    .filter((file) => !file.endsWith(".convlens.json"))
    .slice(0, MOST_FILES)
    .flatMap((file) => {
      const found = factsOf(file);
      return found?.isFile() ? [{ path: file, size: Number(found.size) }] : [];
    });
}

/** Equal as long as the files of a model stay as they are. */
export const modelStamp = (path: string): string =>
  modelFiles(path)
    .map((file) => `${file.path}: ${stampNow(file.path)}`)
    .join("\n");

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
