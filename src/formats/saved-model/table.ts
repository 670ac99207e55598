/** A sorted table of keys and values, as LevelDB and TensorFlow write them (tensorflow/core/lib/io/table_format.txt). */
import { inputError } from "../../base/errors.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { unpackSnappy } from "./snappy.ts";

const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Kind of packing and checksum behind each block. */
const TRAILER = 5;
const MAX_KEY = 16_384;
const MAX_INDEX = 256 * 2 ** 20;

interface Block {
  readonly offset: number;
  readonly size: number;
}

/** All entries in order. Throws a ConvLensError of kind `input`. */
export function readTable(source: ByteSource): Map<string, Buffer> {
  const damaged = (): Error =>
    inputError(`'${source.name}' is damaged or no table of variables; copy or save it again.`);
  if (source.size < FOOTER || source.size > MAX_INDEX) throw damaged();
  const footer = readBytes(source, source.size - FOOTER, FOOTER);
  if (footer.readBigUInt64LE(40) !== MAGIC) throw damaged();
  const [, afterMeta] = handle(footer, 0, damaged);
  const [index] = handle(footer, afterMeta, damaged);
  const entries = new Map<string, Buffer>();
  const seen = new Set<number>();
  for (const [, value] of entriesOf(load(source, index, damaged), damaged)) {
    const [block] = handle(value, 0, damaged);
    // each block once: an index that goes round in circles ends here
    if (seen.has(block.offset)) throw damaged();
    seen.add(block.offset);
    for (const [key, content] of entriesOf(load(source, block, damaged), damaged))
      entries.set(key, content);
  }
  return entries;
}

function load(source: ByteSource, { offset, size }: Block, damaged: () => Error): Buffer {
  if (offset + size + TRAILER > source.size - FOOTER) throw damaged();
  const bytes = readBytes(source, offset, size + 1);
  const packing = bytes[size];
  const content = bytes.subarray(0, size);
  if (packing === 0) return content;
  const unpacked = packing === 1 ? unpackSnappy(content) : null;
  if (!unpacked) throw damaged();
  return Buffer.from(unpacked.buffer);
}

/** Keys share their beginning with the key before; the block ends with a list of restarts, which a reader in order does not need. */
function* entriesOf(block: Buffer, damaged: () => Error): Generator<[key: string, value: Buffer]> {
  if (block.length < 4) throw damaged();
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 - restarts * 4;
  if (end < 0) throw damaged();
  let at = 0;
  let key = "";
  while (at < end) {
    const sizes: number[] = [];
    for (let i = 0; i < 3; i++) {
      const [size, next] = varint(block, at, damaged);
      sizes.push(size);
      at = next;
    }
    const [shared = 0, own = 0, length = 0] = sizes;
    if (shared > key.length || shared + own > MAX_KEY || at + own + length > end) throw damaged();
    key = key.slice(0, shared) + block.toString("latin1", at, at + own);
    yield [key, block.subarray(at + own, at + own + length)];
    at += own + length;
  }
}

function handle(bytes: Buffer, at: number, damaged: () => Error): [Block, next: number] {
  const [offset, middle] = varint(bytes, at, damaged);
  const [size, next] = varint(bytes, middle, damaged);
  return [{ offset, size }, next];
}

function varint(bytes: Buffer, from: number, damaged: () => Error): [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) break;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return [value, from + i + 1];
  }
  throw damaged();
}
