/** Mutations of HDF5: its addresses, the fields behind its signatures, and the JSON in its attributes. */
import { oddInteger, writeInteger, type Mutation } from "./bytes.ts";
import { mutateJson } from "./json.ts";

/** Little-endian 8-byte integers that could be addresses in this file. */
function addresses(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 8 <= bytes.length && found.length < 4000; at += 8) {
    const high = bytes.readUInt32LE(at + 4);
    const low = bytes.readUInt32LE(at);
    if (high === 0 && low >= 48 && low < bytes.length && low % 8 === 0) found.push(at);
  }
  return found;
}

const redirect: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const all = addresses(bytes);
  if (all.length < 2) return out;
  for (let i = random.pick([1, 1, 2]); i > 0; i--) {
    const at = random.pick(all);
    // to where another one leads, to itself, or anywhere
    const target = random.chance(0.6)
      ? bytes.readBigUInt64LE(random.pick(all))
      : random.chance(0.3)
        ? BigInt(at)
        : oddInteger(random, bytes.length, 8);
    writeInteger(out, at, 8, target);
  }
  return out;
};

const SIGNATURES = [
  "TREE",
  "SNOD",
  "HEAP",
  "GCOL",
  "OHDR",
  "FRHP",
  "FHDB",
  "BTHD",
  "BTLF",
  "OCHK",
  "\x89HDF",
];

const structures: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const signature = random.pick(SIGNATURES);
  const found: number[] = [];
  for (let at = out.indexOf(signature, 0, "latin1"); at >= 0 && found.length < 200;) {
    found.push(at);
    at = out.indexOf(signature, at + 4, "latin1");
  }
  if (found.length === 0) return out;
  const at = random.pick(found) + 4 + random.below(44);
  const width = random.pick([1, 2, 4, 8] as const);
  writeInteger(out, at, width, oddInteger(random, bytes.length, width));
  return out;
};

/** The network's description keeps its length: what is left over becomes spaces. */
const description: Mutation = (bytes, random) => {
  const start = bytes.indexOf('{"');
  if (start < 0) return bytes;
  let end = start;
  while (end < bytes.length && (bytes[end] ?? 0) >= 32 && (bytes[end] ?? 0) < 127) end++;
  const changed = mutateJson(bytes.toString("latin1", start, end), random);
  const out = Buffer.from(bytes);
  out.write(changed.slice(0, end - start).padEnd(end - start), start, "latin1");
  return out;
};

export const hdf5Mutations: readonly Mutation[] = [
  ...[redirect, redirect, structures, structures, description, description, description],
];
