/** Whether two sides computed the same: a fast wrong answer is a defect. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** A float32 .npy file's numbers (row-major), or null when there is none. */
function readNpy(file) {
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  const wide = bytes[6] >= 2;
  const start = (wide ? 12 : 10) + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString("latin1", 10, start);
  if (!header.includes("<f4") || header.includes("'fortran_order': True"))
    throw new Error(`${file} is not a row-major float32 array`);
  return new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length),
  );
}

/** Largest |a - b| over the largest |b|; null when either file is missing, Infinity when the sizes differ. */
function difference(fileA, fileB) {
  const [a, b] = [readNpy(fileA), readNpy(fileB)];
  if (!a || !b) return null;
  if (a.length !== b.length) return Infinity;
  let [largest, apart] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(b[i]));
    apart = Math.max(apart, Math.abs(a[i] - b[i]));
  }
  return largest === 0 ? apart : apart / largest;
}

/** The largest relative difference of the arrays `names` of two output folders; null when none is in both. */
export function compare(ours, peers, names) {
  const found = names
    .map((name) => difference(path.join(ours, `${name}.npy`), path.join(peers, `${name}.npy`)))
    .filter((value) => value !== null);
  return found.length > 0 ? Math.max(...found) : null;
}
