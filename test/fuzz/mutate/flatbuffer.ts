/** Mutations of FlatBuffers: offsets, the tables of fields, lengths of vectors. */
import { oddInteger, writeInteger, type Mutation } from "./bytes.ts";

/** 4-byte integers that lead to a place in the file, counted from where they stand. */
function offsets(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 4 <= bytes.length && found.length < 5000; at += 4) {
    const value = bytes.readUInt32LE(at);
    if (value > 3 && at + value < bytes.length && value < 1 << 20) found.push(at);
  }
  return found;
}

const redirect: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const all = offsets(bytes);
  if (all.length === 0) return out;
  for (let i = random.pick([1, 1, 2, 3]); i > 0; i--) {
    const at = random.pick(all);
    const target = random.pick(all);
    const value = random.chance(0.6)
      ? BigInt.asUintN(32, BigInt(target - at))
      : oddInteger(random, bytes.length, 4);
    writeInteger(out, at, 4, value);
  }
  return out;
};
/** Where an offset leads there is a table, a vector or a text: its first words are its length or its fields. */
const targets: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const all = offsets(bytes);
  if (all.length === 0) return out;
  const at = random.pick(all);
  const to = at + bytes.readUInt32LE(at);
  const width = random.pick([1, 2, 4] as const);
  writeInteger(out, to + random.pick([0, 0, 2, 4, 6, 8]), width, oddInteger(random, 64, width));
  return out;
};

export const flatbufferMutations: readonly Mutation[] = [redirect, redirect, targets, targets];
