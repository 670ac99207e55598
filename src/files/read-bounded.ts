/** Reading files that somebody else may have placed: never more than was agreed on, and nothing that never ends. */
import { constants, readSync } from "node:fs";
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
}

/** A regular file that is open, of which no more is read than is asked for. */
export interface BoundedFile {
  readonly size: number;
  readonly stamp: string;
  /** So many bytes from `offset` on, in the beginning of `into` where that is given. Throws a ConvLensError of kind `input` where they are not there any more. */
  readonly read: (offset: number, length: number, into?: Buffer) => Buffer;
}

/** The bytes of a regular file. Throws a ConvLensError of kind `input` as `withBounded` does. */
export const readBounded = (file: string, bounds: Bounds): Promise<Buffer> =>
  withBounded(file, bounds, ({ size, read }) => Promise.resolve(read(0, size)));

/**
 * Opens a regular file for as long as `use` takes. Throws a ConvLensError of kind `input` that says what is wrong: no such file, a folder, a
 * pipe or device, too large, outside of `within`, changed while it was read.
 */
export async function withBounded<T>(
  file: string,
  { what, most, within }: Bounds,
  use: (opened: BoundedFile) => Promise<T>,
): Promise<T> {
  const refuse = (why: string, cause?: unknown): Error =>
    inputError(`${what} ${file} cannot be opened: ${why}.`, { cause });
  const changed = (): Error => refuse("it was changed while it was read; try again");
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
    if (within !== undefined && !(await liesWithin(file, within, before)))
      throw refuse(`it lies outside of ${within}`);
    if (Number(before.size) > most) throw refuse(`it is larger than ${sizeText(most)}`);
    const stamp = fileStamp(before);
    const same = async (): Promise<boolean> =>
      fileStamp(await handle.stat({ bigint: true })) === stamp;
    const made = await use({
      size: Number(before.size),
      stamp,
      read: (offset, length, into = Buffer.allocUnsafeSlow(length)) => {
        const bytes = readAll(handle, offset, into.subarray(0, length));
        if (bytes === null) throw changed();
        return bytes;
      },
    }).catch(async (error: unknown) => {
      // what is wrong with a file that is being written is no fault of it
      throw (await same()) ? error : changed();
    });
    if (!(await same())) throw changed();
    return made;
  } finally {
    await handle.close();
  }
}

/** Null where it ends too early. */
function readAll({ fd }: FileHandle, offset: number, bytes: Buffer): Buffer | null {
  for (let at = 0; at < bytes.length;) {
    const count = readSync(fd, bytes, at, bytes.length - at, offset + at);
    if (count === 0) return null;
    at += count;
  }
  return bytes;
}

/** Whether the file that was opened is that of a path in `folder`, all links followed. */
async function liesWithin(
  file: string,
  folder: string,
  { ino, dev }: { readonly ino: bigint; readonly dev: bigint },
): Promise<boolean> {
  const [real, root] = [await realpath(file), await realpath(folder)];
  const there = await stat(real, { bigint: true });
  return there.ino === ino && there.dev === dev && isBelow(real, root);
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
