/** Mutations of pictures whose fields lie at known places: RIFF (WebP), GIF, TIFF, BMP. */
import type { Random } from "../random.ts";
import { byteMutations, oddInteger, writeInteger, type Mutation } from "./bytes.ts";
import { jpegMutations } from "./jpeg.ts";
import { pngMutations } from "./png.ts";

type Field = readonly [at: number, width: 1 | 2 | 4];
/** Writes an odd number, or one of `values`, at one of `fields`. */
const fields =
  (all: readonly Field[], values: readonly number[] = []): Mutation =>
  (bytes, random) => {
    const out = Buffer.from(bytes);
    const [at, width] = random.pick(all);
    const value =
      values.length > 0 && random.chance(0.5)
        ? BigInt(random.pick(values))
        : oddInteger(random, bytes.length, width);
    writeInteger(out, at, width, value);
    return out;
  };

const bmpMutations: readonly Mutation[] = [
  fields([
    [10, 4],
    [14, 4],
    [18, 4],
    [22, 4],
    [28, 2],
    [30, 4],
    [46, 4],
  ]),
  fields([[28, 2]], [1, 4, 8, 16, 24, 32]),
  fields([[14, 4]], [12, 40, 52, 56, 108, 124]),
  fields(
    [
      [22, 4],
      [18, 4],
    ],
    [4294967295, 4294967288, 8, 12],
  ),
];

const CHUNKS = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF", "ICCP"];
/** A chunk's name, length or first bytes, wherever one is. */
const riffChunk: Mutation = (bytes, random) => {
  const found: number[] = [];
  for (let at = 12; at + 8 <= bytes.length && found.length < 100;) {
    found.push(at);
    at += bytes.toString("latin1", at, at + 4) === "ANMF" ? 24 : 8 + bytes.readUInt32LE(at + 4);
  }
  if (found.length === 0) return bytes;
  const out = Buffer.from(bytes);
  const at = random.pick(found);
  const kind = random.below(4);
  if (kind === 0) out.write(random.pick(CHUNKS), at, "latin1");
  else if (kind === 1) writeInteger(out, at + 4, 4, oddInteger(random, bytes.length, 4));
  else
    writeInteger(out, at + 8 + random.below(16), random.pick([1, 2]), oddInteger(random, 300, 2));
  return out;
};
const riffMutations: readonly Mutation[] = [
  riffChunk,
  riffChunk,
  riffChunk,
  fields([
    [4, 4],
    [16, 4],
    [20, 1],
    [24, 2],
    [27, 2],
  ]),
];

/** The screen's size and table; then the first image's, wherever its separator is. */
const gifImage: Mutation = (bytes, random) => {
  const at = bytes.indexOf(0x2c, 13);
  if (at < 0) return bytes;
  const [first, width] = random.pick([
    [1, 2],
    [3, 2],
    [5, 2],
    [7, 2],
    [9, 1],
    [10, 1],
  ] as const);
  return fields([[at + first, width]], [0x40, 0x80, 0xc7, 0, 1, 13])(bytes, random, []);
};
const gifMutations: readonly Mutation[] = [
  fields(
    [
      [6, 2],
      [8, 2],
      [10, 1],
    ],
    [1, 13, 9, 4000, 0x80, 0xf7],
  ),
  gifImage,
  gifImage,
];

const TYPES = [1, 2, 3, 4, 5, 7, 12, 13];
const TAGS = [
  256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 338, 339,
  34675,
];
const VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 32773, 32946, 65535];
/** An entry of the first directory: its tag, type, count or value. */
const tiffEntry: Mutation = (bytes, random) => {
  if (bytes.length < 10) return bytes;
  const little = bytes[0] === 0x49;
  const start = little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  if (start + 2 > bytes.length) return bytes;
  const count = little ? bytes.readUInt16LE(start) : bytes.readUInt16BE(start);
  const out = Buffer.from(bytes);
  const entry = start + 2 + 12 * random.below(Math.min(count, 40));
  const write = (at: number, width: 2 | 4, value: number | bigint): void => {
    writeInteger(out, entry + at, width, BigInt(value), little);
  };
  const what = random.below(6);
  if (what === 0) write(0, 2, random.pick(TAGS));
  else if (what === 1) write(2, 2, random.pick(TYPES));
  else if (what === 2)
    write(4, 4, random.chance(0.5) ? random.below(20) : oddInteger(random, bytes.length, 4));
  else if (what === 3) write(8, 2, random.pick(VALUES));
  else write(8, 4, oddInteger(random, bytes.length, 4));
  return out;
};
const tiffMutations: readonly Mutation[] = [tiffEntry];

const OWN: readonly (readonly [RegExp, readonly Mutation[]])[] = [
  [/\.png$/, pngMutations],
  [/\.jpe?g$/, jpegMutations],
  [/\.webp$/, riffMutations],
  [/\.gif$/, gifMutations],
  [/\.tiff?$/, tiffMutations],
  [/\.bmp$/, bmpMutations],
];

/** One kind of picture under another's name, two of them in one file. */
const glued: Mutation = (bytes, random: Random, others) =>
  Buffer.concat([bytes, random.pick(others)]);

/** Mutations that know the kind of picture, by its file's name. */
export function pictureMutations(name: string): readonly Mutation[] {
  const own = OWN.find(([ends]) => ends.test(name))?.[1] ?? byteMutations;
  return [...own, ...(own.length < 6 ? own : []), glued];
}
