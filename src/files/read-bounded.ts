/** Reading files that somebody else may have placed: never more than was agreed on, and nothing that never ends. */
import { constants } from "node:fs";
import { open, realpath, stat, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { inputError } from "../base/errors.ts";
import { fileStamp } from "./file-stamp.ts";
import { isBelow } from "./real-place.ts";

/** What was agreed on before a file is opened. */
export interface Bounds {
  /** What it is to the person, with its article: `The labels file`. */
  readonly what: string;
  /** The largest that is read, in bytes. */
  readonly most: number;
  /**
   * Where the name stands in another file (a sidecar) and not in what the person asked for: the folder that the file has to lie in, links
   * followed.
   */
  readonly within?: string;
  /** Asked about a large file when no more than its beginning was read: throws where the rest is not worth it. */
  readonly worth?: (head: Uint8Array, size: number) => void;
}

/** What of a large file is read before it is asked whether it is worth more. */
const HEAD = 1 << 20;

/**
 * The bytes of a regular file. Throws a ConvLensError of kind `input` that says what is wrong: no such file, a folder, a pipe or device, too
 * large, outside of `within`, changed while it was read.
 */
export async function readBounded(
  file: string,
  { what, most, within, worth }: Bounds,
): Promise<Buffer> {
  const refuse = (why: string, cause?: unknown): Error =>
    inputError(`${what} ${file} cannot be opened: ${why}.`, { cause });
  // by its name first: outside of the folder not even what is there is looked for
  if (within !== undefined && !isBelow(path.resolve(file), path.resolve(within)))
    throw refuse(`it lies outside of ${within}`);
  // not blocking: opening a pipe that nobody writes to would wait for ever
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (cause: unknown) => {
      throw refuse(reasonOf(cause), cause);
    },
  );
  try {
    const before = await handle.stat({ bigint: true });
    if (before.isDirectory()) throw refuse("it is a folder");
    if (!before.isFile()) throw refuse("it is no regular file");
    if (within !== undefined && !(await liesWithin(file, within, before.ino)))
      throw refuse(`it lies outside of ${within}`);
    if (before.size > BigInt(most)) throw refuse(`it is larger than ${sizeText(most)}`);
    const size = Number(before.size);
    if (worth && size > HEAD) worth((await readAll(handle, HEAD)) ?? new Uint8Array(), size);
    const bytes = await readAll(handle, size);
    const after = await handle.stat({ bigint: true });
    if (bytes === null || fileStamp(after) !== fileStamp(before))
      throw refuse("it was changed while it was read; try again");
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Null where it ends too early. */
async function readAll(handle: FileHandle, size: number): Promise<Buffer | null> {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at);
    if (bytesRead === 0) return null;
    at += bytesRead;
  }
  return bytes;
}

/** Whether the file that was opened (`inode`) is that of a path in `folder`, all links followed. */
async function liesWithin(file: string, folder: string, inode: bigint): Promise<boolean> {
  const [real, root] = [await realpath(file), await realpath(folder)];
  const same = (await stat(real, { bigint: true })).ino === inode;
  return same && isBelow(real, root);
}

const sizeText = (bytes: number): string =>
  bytes >= 1 << 20 ? `${Math.floor(bytes / (1 << 20))} MiB` : `${Math.floor(bytes / 1024)} KiB`;

/** Why a file could not be opened, in words. */
export function reasonOf(cause: unknown): string {
  const code = (cause as { code?: unknown }).code;
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES" || code === "EPERM") return "reading it is not permitted";
  if (code === "ELOOP") return "it is a link that leads to itself";
  if (code === "ENXIO") return "it is no regular file";
  return cause instanceof Error ? cause.message : String(cause);
}
