import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { withBounded } from "../files/read-bounded.ts";

const PIECE = 1 << 20;

/** SHA-256 of a file; of a folder: of its files' names and hashes, in the order of their names. */
export async function hashOf(place: string): Promise<string> {
  const info = await stat(place);
  const hash = createHash("sha256");
  if (!info.isDirectory()) {
    await withBounded(place, { what: "The file", most: Infinity }, async ({ size, read }) => {
      const into = Buffer.alloc(Math.min(PIECE, size));
      for (let at = 0; at < size; at += PIECE) {
        hash.update(read(at, Math.min(PIECE, size - at), into));
        // others have their turn
        await new Promise(setImmediate);
      }
    });
    return hash.digest("hex");
  }
  const entries = await readdir(place, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map(({ name }) => name);
  for (const name of names.sort())
    hash.update(`${name}\0${await hashOf(path.join(place, name))}\n`);
  return hash.digest("hex");
}
