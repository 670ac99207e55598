/** Whether the engine's files are those that were installed: a library is code, and whoever can change it runs what they like. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileStamp } from "../../files/file-stamp.ts";

/** Stamps of files whose checksum was right, beside the manifest: by them a check takes no time. */
const STAMPS = "stamps.json";
const CHUNK = 1 << 22;

/**
 * The first file, by path, that is not as it was installed; null where all are. `files`: SHA-256 by path, relative to `folder`. What has
 * the stamp of a file that was right before is taken for it; all else is read whole (about 400 MB, a second).
 */
export function firstChanged(
  folder: string,
  files: Readonly<Record<string, string>>,
): string | null {
  const known = readStamps(folder);
  const stamps: Record<string, string> = {};
  for (const [name, sum] of Object.entries(files)) {
    const path = resolve(folder, name);
    const key = `${sum} ${stampOf(path)}`;
    if (known[name] !== key && sha256(path) !== sum) return path;
    stamps[name] = key;
  }
  if (JSON.stringify(stamps) !== JSON.stringify(known)) keep(folder, stamps);
  return null;
}

const stampOf = (path: string): string => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? fileStamp(found) : "none";
};

function readStamps(folder: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, STAMPS), "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
/** Not being able to is no fault: the next start reads the files again. */
function keep(folder: string, stamps: Record<string, string>): void {
  try {
    writeFileSync(join(folder, STAMPS), JSON.stringify(stamps));
  } catch {
    return;
  }
}

function sha256(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      hash.update(chunk.subarray(0, read));
    return hash.digest("hex");
  } finally {
    closeSync(file);
  }
}
