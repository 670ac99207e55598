/** Pictures whose class a folder tells: a folder with a folder for each class in it. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { inputError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import type { FolderRule } from "../../shared/contract/training.ts";
import { evenly, pictureFiles } from "../run/picture-files.ts";

/** Pictures with the index of their class, and how folders were taken for classes. */
export interface Labelled {
  readonly pictures: ReadonlyMap<string, number>;
  readonly by: FolderRule;
}

/**
 * At most `most` pictures of the classes in `folder`, evenly out of each. A folder is the class of its name; where none is called so, the
 * class of its number; else, where there are as many folders as classes, they stand in the order of their names, as torchvision's
 * ImageFolder and Keras' image_dataset_from_directory have it. Throws a ConvLensError of kind `input` where neither fits.
 */
export async function classFolders(
  folder: string,
  { classes, labels }: { readonly classes: number; readonly labels: readonly string[] | null },
  most: number,
): Promise<Labelled> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw inputError(`${folder} cannot be opened: there is no such folder.`, { cause });
  });
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort();
  const [by, indices] = classesOf(folders, classes, labels) ?? refuse(folder, folders, classes);
  const pictures = new Map<string, number>();
  for (const [i, name] of folders.entries()) {
    const index = indices[i];
    if (index === undefined) continue;
    const files = await pictureFiles([path.join(folder, name)]).catch(() => []);
    for (const file of evenly(files, Math.ceil(most / folders.length))) pictures.set(file, index);
  }
  if (pictures.size === 0) throw inputError(`There is no picture in the folders of ${folder}.`);
  return { pictures, by };
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, " ")
    .trim();

function classesOf(
  folders: readonly string[],
  classes: number,
  labels: readonly string[] | null,
): readonly [FolderRule, readonly number[]] | null {
  if (folders.length < 2) return null;
  const names = labels?.map(plain) ?? [];
  const named = folders.map((folder) => names.indexOf(plain(folder)));
  if (named.every((index) => index >= 0)) return ["names", named];
  const numbers = folders.map((folder) => (/^\d+$/.test(folder) ? Number(folder) : classes));
  if (numbers.every((index) => index < classes)) return ["numbers", numbers];
  return folders.length === classes ? ["order", folders.map((_, i) => i)] : null;
}

function refuse(folder: string, folders: readonly string[], classes: number): never {
  const some = folders.slice(0, 3).map((name) => `'${plainText(name)}'`);
  throw inputError(
    `${folder} holds ${folders.length} folders${some.length > 0 ? ` (${some.join(", ")}${folders.length > 3 ? ", …" : ""})` : ""}, which are not those of the ${classes} classes: name them as the classes or number them from 0.`,
  );
}
