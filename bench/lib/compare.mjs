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

/** Largest |a - b| over the largest |b|. */
function largest(a, b) {
  let [most, apart] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs(b[i]));
    apart = Math.max(apart, Math.abs(a[i] - b[i]));
  }
  return most === 0 ? apart : apart / most;
}

/** 1 - the correlation: for gradients with respect to the input, which float32 leaves ill-conditioned in deep networks. */
function correlation(a, b) {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] ** 2;
    bb += b[i] ** 2;
  }
  return 1 - ab / Math.sqrt(aa * bb);
}

const MEASURES = { largest, correlation };

/** null when either file is missing, Infinity when the sizes differ. */
function difference(fileA, fileB, measure) {
  const [a, b] = [readNpy(fileA), readNpy(fileB)];
  if (!a || !b) return null;
  return a.length === b.length ? MEASURES[measure](a, b) : Infinity;
}

/** The largest relative difference of the arrays `names` of two output folders; null when none is in both. */
export function compare(ours, peers, names, measure = "largest") {
  const found = names
    .map((name) =>
      difference(path.join(ours, `${name}.npy`), path.join(peers, `${name}.npy`), measure),
    )
    .filter((value) => value !== null);
  return found.length > 0 ? Math.max(...found) : null;
}
