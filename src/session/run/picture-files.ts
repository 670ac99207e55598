import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { at } from "../../base/at.ts";
import { inputError, usageError } from "../../base/errors.ts";
import { isArray } from "./feed.ts";
import { PICTURE_FILE, PICTURE_NAMES } from "../../shared/picture-kinds.ts";

/** The pictures, or arrays, that files and folders name, folders with all below them, in the order of their names. */
export async function pictureFiles(places: readonly string[]): Promise<string[]> {
  if (places.length === 0)
    throw usageError("Give a folder of pictures with --images DIR, or pictures with --image FILE.");
  const files: string[] = [];
  for (const place of places) {
    const info = await stat(place).catch((cause: unknown) => {
      throw inputError(`${place} cannot be opened: there is no such file or folder.`, { cause });
    });
    files.push(...(info.isDirectory() ? await picturesIn(place) : [place]));
  }
  if (files.length === 0)
    throw inputError(
      `There is no picture (${PICTURE_NAMES.join(", ")}) or array (.npy) in ${places.join(", ")}.`,
    );
  return files;
}

/** At most `most` files from all over a list, evenly: folders are often sorted by class. */
export const evenly = (files: readonly string[], most: number): string[] => {
  const some = Math.min(most, files.length);
  return Array.from({ length: some }, (_, i) => at(files, Math.floor((i * files.length) / some)));
};

/** All below a folder; arrays count where there is no picture. */
async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
  const pictures = files.filter(({ name }) => PICTURE_FILE.test(name));
  return (pictures.length > 0 ? pictures : files.filter(({ name }) => isArray(name)))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
