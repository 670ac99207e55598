/** Writing so that a reader, a crash or a full disk never meets half a file. */
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { computeError, inputError } from "../base/errors.ts";
import { clearUnfinished, unfinishedName } from "./unfinished.ts";

/** Folders that this process has looked through: it leaves nothing itself, and a folder may have many files. */
const cleared = new Set<string>();

async function clearOnce(folder: string): Promise<void> {
  if (cleared.has(folder)) return;
  cleared.add(folder);
  await clearUnfinished(folder);
}

/**
 * Writes `file` beside itself and gives it its name when it is whole: what was there before stays until then, and for good where that
 * fails; what processes left there that were ended in mid-write goes. A link is followed within its own folder only. Throws a ConvLensError: of kind `compute` when the disk is full or the folder is
 * gone, of kind `input` when the place may not be written.
 */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const target = await placeOf(file);
  await clearOnce(path.dirname(target));
  const temporary = unfinishedName(target);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writingFailed(file, cause);
  }
}

async function placeOf(file: string): Promise<string> {
  const real = await realpath(file).catch(() => null);
  if (real === null) return file;
  const facts = await stat(real).catch(() => null);
  // it would be replaced by a file
  if (facts && !facts.isFile() && !facts.isDirectory())
    throw inputError(`${file} is no regular file; nothing is written there.`);
  const folder = await realpath(path.dirname(file));
  if (path.dirname(real) === folder) return real;
  throw inputError(
    `${file} is a link to ${real}, outside of its folder; nothing is written there.`,
  );
}

/** What came of a place that could not be written to: of kind `compute` or `input`, as `writeWhole` has it. */
export function writingFailed(file: string, cause: unknown): Error {
  const code = String((cause as { code?: unknown }).code);
  const folder = path.dirname(file);
  if (code === "ENOSPC" || code === "EDQUOT")
    return computeError(`${file} could not be written: the disk of ${folder} is full.`);
  if (code === "EFBIG")
    return computeError(`${file} could not be written: it is larger than ${folder} may hold.`);
  if (code === "ENOENT") return computeError(`${file} could not be written: ${folder} is gone.`);
  if (["EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR"].includes(code))
    return inputError(`${file} may not be written (${code}); choose another folder.`, { cause });
  return computeError(`${file} could not be written (${code}).`);
}
