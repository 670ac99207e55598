/** Pictures that were dropped or pasted: kept in the extension's storage, not more than agreed. */
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";

/** Of a window, which has a storage of its own: a page that was taken over could fill the disk. */
export const MOST_KEPT = { pictures: 200, bytes: 512 * 2 ** 20 } as const;

interface Kept {
  readonly folder: string;
  /** When it was kept last, in ms. */
  readonly at: number;
  readonly bytes: number;
}

/** One after the other: each looks at what the others left. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Writes a picture below `storage`, named by its content (`name`: what its file is called), and removes the oldest while there are more than
 * `most`. @returns its path, and how many were removed
 */
export function keepPicture(
  storage: string,
  name: string,
  bytes: Uint8Array,
  most: { readonly pictures: number; readonly bytes: number } = MOST_KEPT,
): Promise<{ file: string; removed: number }> {
  const turn = queue.then(async () => {
    const all = path.join(storage, "pictures");
    const folder = path.join(all, createHash("sha256").update(bytes).digest("hex").slice(0, 16));
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, name);
    await writeFile(file, bytes);
    // of one that was there, too: it is the youngest again
    const now = new Date();
    await utimes(folder, now, now);
    return { file, removed: await removeOldest(all, folder, most) };
  });
  queue = turn.catch(() => undefined);
  return turn;
}

/** How many had to go so that the rest, of which `latest` is one, is not more than `most`. */
async function removeOldest(
  all: string,
  latest: string,
  most: { readonly pictures: number; readonly bytes: number },
): Promise<number> {
  const folders = (await readdir(all, { withFileTypes: true })).filter((own) => own.isDirectory());
  const kept = await Promise.all(folders.map(({ name }) => keptIn(path.join(all, name))));
  kept.sort((a, b) => a.at - b.at);
  let bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
  let left = kept.length;
  for (const one of kept) {
    if (left <= most.pictures && bytes <= most.bytes) break;
    if (one.folder === latest) continue;
    await rm(one.folder, { recursive: true, force: true });
    left--;
    bytes -= one.bytes;
  }
  return kept.length - left;
}

async function keptIn(folder: string): Promise<Kept> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(path.join(folder, name))).size),
  );
  const { mtimeMs } = await stat(folder);
  return { folder, at: mtimeMs, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
