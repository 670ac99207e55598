/** Mutations that know nothing of a format: bits, bytes, lengths, pieces. */
import type { Random } from "../random.ts";

export type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const BYTES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
const WORDS = [0n, 1n, 2n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn];
const LONGS = [0x100000000n, 0x7fffffffffffffffn, 0xffffffffffffffffn, 1n << 40n, 1n << 53n];

/** Small and large integers that readers stumble over, the file's own size among them. */
export function oddInteger(random: Random, size: number, bytes: 1 | 2 | 4 | 8): bigint {
  const near = BigInt(size + random.below(9) - 4);
  const all = [...WORDS, near, BigInt(random.below(size + 1)), ...(bytes === 8 ? LONGS : [])];
  return BigInt.asUintN(bytes * 8, random.pick(all));
}

/** Writes an integer of `width` bytes; what does not fit behind the end is left alone. */
export function writeInteger(
  target: Buffer,
  at: number,
  width: 1 | 2 | 4 | 8,
  value: bigint,
  little = true,
): void {
  if (at < 0 || at + width > target.length) return;
  for (let i = 0; i < width; i++) {
    const place = little ? i : width - 1 - i;
    target[at + i] = Number((value >> BigInt(8 * place)) & 0xffn);
  }
}

/** Half of all changes are made near the beginning, where headers are. */
export const place = (bytes: Buffer, random: Random): number =>
  random.chance(0.5) ? random.below(Math.min(bytes.length, 2048)) : random.below(bytes.length);

const flipBits: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  for (let i = 1 + random.below(8); i > 0; i--) {
    const at = place(out, random);
    out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
  }
  return out;
};
const setBytes: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const at = place(out, random);
  const length = 1 + random.below(random.chance(0.8) ? 4 : 64);
  out.fill(random.pick(BYTES), at, Math.min(out.length, at + length));
  return out;
};
const setInteger: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  for (let i = 1 + random.below(3); i > 0; i--) {
    const width = random.pick([1, 2, 4, 8] as const);
    const at = place(out, random);
    const aligned = random.chance(0.7) ? at - (at % width) : at;
    writeInteger(out, aligned, width, oddInteger(random, out.length, width), random.chance(0.9));
  }
  return out;
};
const cut: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length));
const remove: Mutation = (bytes, random) => {
  const at = place(bytes, random);
  return Buffer.concat([
    bytes.subarray(0, at),
    bytes.subarray(at + 1 + random.below(random.chance(0.7) ? 16 : bytes.length - at)),
  ]);
};
const insert: Mutation = (bytes, random) => {
  const at = place(bytes, random);
  const piece = Buffer.alloc(1 + random.below(32), random.pick(BYTES));
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
};
const repeat: Mutation = (bytes, random) => {
  const at = place(bytes, random);
  const piece = bytes.subarray(at, at + 1 + random.below(256));
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
};
const splice: Mutation = (bytes, random, others) => {
  const other = random.pick(others);
  const length = 1 + random.below(random.chance(0.7) ? 64 : 4096);
  const out = Buffer.from(bytes);
  const from = place(other, random);
  other.copy(out, place(out, random), from, Math.min(other.length, from + length));
  return out;
};
const swapFields: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  const width = random.pick([2, 4, 8]);
  const [a, b] = [place(out, random), place(out, random)].map((at) => at - (at % width));
  const [first = 0, second = 0] = [a, b];
  bytes.copy(out, first, second, second + width);
  bytes.copy(out, second, first, first + width);
  return out;
};
/** Numbers written as digits: counts and shapes in JSON, Python dictionaries, text headers. */
const changeDigits: Mutation = (bytes, random) => {
  const text = bytes.toString("latin1");
  const numbers = [...text.matchAll(/\d+/g)];
  if (numbers.length === 0) return flipBits(bytes, random, []);
  const { 0: digits, index } = random.pick(numbers);
  const other = random.pick(["0", "-1", "1", "99999999999", "4294967296", "2147483647", "1e9", ""]);
  return Buffer.from(text.slice(0, index) + other + text.slice(index + digits.length), "latin1");
};

/** Nothing can be changed in nothing. */
const some =
  (mutation: Mutation): Mutation =>
  (bytes, random, others) =>
    bytes.length > 0 ? mutation(bytes, random, others) : bytes;

export const byteMutations: readonly Mutation[] = [
  ...[flipBits, flipBits, setBytes, setInteger, setInteger, cut, remove, insert, repeat],
  ...[splice, swapFields, changeDigits],
].map(some);

/** One to three mutations, one after the other. */
export function mutate(
  bytes: Buffer,
  random: Random,
  others: readonly Buffer[],
  mutations: readonly Mutation[],
): Buffer {
  let out = bytes;
  for (let i = random.pick([1, 1, 1, 2, 3]); i > 0 && out.length > 0; i--)
    out = random.pick(mutations)(out, random, others);
  return out;
}
