/** Files that a model names: shards of weights, external data. They lie in the model's own folder, or are not read. */
import { realpathSync } from "node:fs";
import { isAbsolute, join, sep } from "node:path";
import { inputError } from "../../base/errors.ts";
import { FileSource } from "./source.ts";

/**
 * Opens the file `name` of `folder`, as the model `model` (for messages) asks for it. An address, an absolute path, a path that
 * climbs, and a link that leads out of the folder are refused. Throws a ConvLensError of kind `input`.
 */
export function openBeside(folder: string, name: string, model: string): FileSource {
  const parts = name.split(/[\\/]/);
  const address = /^[a-z][a-z0-9+.-]*:/i.test(name);
  if (address || isAbsolute(name) || parts[0] === "" || parts.includes("..") || name.includes("\0"))
    throw refused(name, model);
  const path = join(folder, ...parts);
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    throw inputError(
      `'${model}' needs the file '${name}' beside it, which is not there; copy the whole folder.`,
    );
  }
  if (!real.startsWith(realpathSync(folder) + sep)) throw refused(name, model);
  return new FileSource(path);
}

const refused = (name: string, model: string): Error =>
  inputError(
    `'${model}' keeps its numbers in '${name.slice(0, 200)}', outside its own folder, which is never read; save the model with its files together.`,
  );
