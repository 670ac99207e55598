import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { DESCRIBING_FILES, MODEL_PARTS } from "../../shared/model-folder.ts";
import type { Stamp } from "./stable.ts";

const MOST_FILES = 1000;

/** The folder that a model is: itself, or the one that it describes; null for a model in one file. */
export async function modelFolder(model: string): Promise<string | null> {
  if (DESCRIBING_FILES.includes(path.basename(model))) return path.dirname(model);
  return stat(model).then(
    (facts) => (facts.isDirectory() ? model : null),
    () => null,
  );
}

/** Size and time of a file; of a model's folder, the sum and the latest of its files. Null when it is not there. */
export async function stampOf(file: string): Promise<Stamp | null> {
  const facts = await stat(file).catch(() => null);
  if (!facts?.isDirectory()) return facts && { size: facts.size, mtime: facts.mtimeMs };
  const listed = await Promise.all(MODEL_PARTS.map((part) => filesOf(path.join(file, part))));
  const names = listed.flat().slice(0, MOST_FILES);
  const parts = await Promise.all(names.map((name) => stat(name).catch(() => null)));
  const files = parts.filter((part) => part?.isFile());
  return {
    size: files.reduce((sum, part) => sum + (part?.size ?? 0), 0),
    mtime: Math.max(0, ...files.map((part) => part?.mtimeMs ?? 0)),
  };
}

/** Folders below are not looked into: a link among them could lead anywhere. */
const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).map((name) => path.join(folder, name));
