/** Mutations of PNG: chunks by their fields and order, pixels inside of their compression, colour chunks that lie. */
import { crc32, deflateSync, inflateSync } from "node:zlib";
import type { Random } from "../random.ts";
import { oddInteger, writeInteger, type Mutation } from "./bytes.ts";

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}
const SIGNATURE = 8;

function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    chunks.push({ type, data: Buffer.from(bytes.subarray(at + 8, at + 8 + length)) });
    at += 12 + length;
  }
  return chunks;
}

function joined(head: Buffer, chunks: readonly Chunk[]): Buffer {
  const parts = chunks.map(({ type, data }) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  });
  return Buffer.concat([head, ...parts]);
}

type Change = (chunks: Chunk[], random: Random) => void;

const header: Change = (chunks, random) => {
  const data = chunks[0]?.data;
  if (!data) return;
  const size = random.chance(0.5);
  if (size) writeInteger(data, random.pick([0, 4]), 4, oddInteger(random, 5000, 4), false);
  else data[random.pick([8, 9, 10, 11, 12])] = random.pick([0, 1, 2, 3, 4, 6, 8, 16, 255]);
};
const order: Change = (chunks, random) => {
  const one = chunks[random.below(chunks.length)];
  if (!one) return;
  if (random.chance(0.5)) chunks.splice(chunks.indexOf(one), 1);
  if (random.chance(0.7)) chunks.splice(random.below(chunks.length + 1), 0, one);
};
const pixels: Change = (chunks, random) => {
  const at = chunks.findIndex(({ type }) => type === "IDAT");
  const chunk = chunks[at];
  if (!chunk) return;
  let raw: Buffer;
  try {
    raw = inflateSync(chunk.data, { maxOutputLength: 1 << 22 });
  } catch {
    return; // damaged by the mutation before
  }
  if (random.chance(0.2)) raw = Buffer.alloc(random.below(1 << 20));
  for (let i = random.below(8); i > 0 && raw.length > 0; i--)
    raw[random.below(raw.length)] = random.below(256);
  const cut = random.chance(0.3) ? raw.subarray(0, random.below(raw.length + 1)) : raw;
  chunks[at] = { type: "IDAT", data: deflateSync(cut, { level: random.pick([0, 1, 9]) }) };
};
const BOMB = Buffer.concat([Buffer.from("x\0\0"), deflateSync(Buffer.alloc(50_000_000))]);
const ADDED = ["PLTE", "tRNS", "gAMA", "cHRM", "cICP", "sRGB", "iCCP", "eXIf", "acTL", "fcTL"];
const added: Change = (chunks, random) => {
  const lengths = [0, 1, 4, 32, random.below(1000)];
  const data = Buffer.alloc(random.pick(lengths), random.below(256));
  const chunk = { type: random.pick(ADDED), data: random.chance(0.1) ? BOMB : data };
  chunks.splice(1, 0, chunk);
};
const inside: Change = (chunks, random) => {
  const { data } = random.pick(chunks);
  for (let i = 1 + random.below(4); i > 0 && data.length > 0; i--)
    data[random.below(data.length)] = random.below(256);
};

export const pngMutations: readonly Mutation[] = [
  header,
  header,
  order,
  pixels,
  pixels,
  added,
  inside,
].map((change): Mutation => (bytes, random) => {
  const chunks = chunksOf(bytes);
  if (chunks.length === 0) return bytes;
  change(chunks, random);
  return joined(bytes.subarray(0, SIGNATURE), chunks);
});
