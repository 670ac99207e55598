/** Files that claim to be what they are not; made here, so that nothing broken lies in the repository. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export const badFiles: Readonly<Record<string, Uint8Array>> = {
  "empty.h5": new Uint8Array(0),
  "not-hdf5.h5": Buffer.from("this is a text file, whatever its name says\n"),
  "no-keras.keras": Buffer.from("PK\u0005\u0006" + "\0".repeat(18), "latin1"),
};

export function writeBadFiles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(badFiles))
    writeFileSync(path.join(folder, name), bytes);
}
