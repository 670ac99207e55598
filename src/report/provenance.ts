import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/** SHA-256 of a file; of a folder: of its files' names and hashes, in the order of their names. */
export async function hashOf(place: string): Promise<string> {
  const info = await stat(place);
  const hash = createHash("sha256");
  if (!info.isDirectory()) {
    for await (const chunk of createReadStream(place)) hash.update(chunk as Uint8Array);
    return hash.digest("hex");
  }
  const entries = await readdir(place, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isSymbolicLink()).map(({ name }) => name);
  for (const name of names.sort())
    hash.update(`${name}\0${await hashOf(path.join(place, name))}\n`);
  return hash.digest("hex");
}
