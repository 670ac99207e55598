/** MessagePack as flax.serialization writes it (github.com/msgpack/msgpack/blob/master/spec.md): maps, arrays, texts, numbers, arrays of numbers in extensions. */
import { inputError } from "../../base/errors.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";

/** Bytes of the file that were passed over: an extension's, or a binary's. */
export interface Piece {
  readonly kind: "piece";
  /** The extension's number; null: a binary. */
  readonly extension: number | null;
  readonly start: number;
  readonly length: number;
}
export type Packed = null | boolean | number | string | Piece | readonly Packed[] | PackedMap;
/** In the order of the file. */
export type PackedMap = ReadonlyMap<string, Packed>;

/** More than any network's tree has. */
const MAX_VALUES = 1_000_000;
const MAX_DEPTH = 100;
const MAX_TEXT = 1 << 16;
const BLOCK = 1 << 14;

export const isPiece = (value: Packed | undefined): value is Piece =>
  typeof value === "object" && value !== null && "kind" in value;
export const isMap = (value: Packed | undefined): value is PackedMap => value instanceof Map;

/** Reads one value from `position`; numbers of tensors are passed over. Throws a ConvLensError of kind `input`. */
export class MessagePack {
  private block: Buffer = Buffer.alloc(0);
  private start = 0;
  private values = 0;

  constructor(
    private readonly source: ByteSource,
    public position: number,
    private readonly end: number,
  ) {}

  value(depth = 0): Packed {
    if (++this.values > MAX_VALUES || depth > MAX_DEPTH) throw this.damaged("it nests without end");
    const code = this.unsigned(1);
    if (code < 0x80) return code;
    if (code < 0x90) return this.map(code & 15, depth);
    if (code < 0xa0) return this.list(code & 15, depth);
    if (code < 0xc0) return this.text(code & 31);
    if (code >= 0xe0) return code - 256;
    const read = READERS[code];
    if (!read) throw this.damaged(`byte 0x${code.toString(16)}, which is not read`);
    return read(this, depth);
  }

  map(count: number, depth: number): PackedMap {
    const entries = new Map<string, Packed>();
    for (let i = 0; i < count; i++) {
      const key = this.value(depth + 1);
      entries.set(typeof key === "string" ? key : String(Number(key)), this.value(depth + 1));
    }
    return entries;
  }
  list(count: number, depth: number): Packed[] {
    const items: Packed[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }
  text(length: number): string {
    if (length > MAX_TEXT) throw this.damaged("a name that is longer than any");
    return this.take(length).toString("utf8");
  }
  piece(length: number, extension: number | null): Piece {
    const start = this.position;
    if (!(start + length <= this.end)) throw this.damaged("it is cut short");
    this.position += length;
    return { kind: "piece", extension, start, length };
  }
  extended(length: number): Piece {
    const extension = this.unsigned(1);
    return this.piece(length, extension > 127 ? extension - 256 : extension);
  }
  unsigned(bytes: 1 | 2 | 4 | 8): number {
    const own = this.take(bytes);
    return bytes === 8 ? Number(own.readBigUInt64BE()) : own.readUIntBE(0, bytes);
  }
  signed(bytes: 1 | 2 | 4 | 8): number {
    const own = this.take(bytes);
    return bytes === 8 ? Number(own.readBigInt64BE()) : own.readIntBE(0, bytes);
  }
  real(bytes: 4 | 8): number {
    return bytes === 4 ? this.take(4).readFloatBE() : this.take(8).readDoubleBE();
  }

  private take(length: number): Buffer {
    const { position } = this;
    if (!(position + length <= this.end)) throw this.damaged("it is cut short");
    if (position < this.start || position + length > this.start + this.block.length) {
      this.start = position;
      this.block = readBytes(this.source, position, Math.min(Math.max(BLOCK, length), this.end - position)); // prettier-ignore
    }
    this.position += length;
    return this.block.subarray(position - this.start, position - this.start + length);
  }
  private damaged(why: string): Error {
    return inputError(
      `'${this.source.name}' is no msgpack file of Flax, or damaged (${why}); save it again with flax.serialization.to_bytes.`,
    );
  }
}

type Read = (packed: MessagePack, depth: number) => Packed;
const READERS: Readonly<Record<number, Read>> = {
  0xc0: () => null,
  0xc2: () => false,
  0xc3: () => true,
  0xc4: (p) => p.piece(p.unsigned(1), null),
  0xc5: (p) => p.piece(p.unsigned(2), null),
  0xc6: (p) => p.piece(p.unsigned(4), null),
  0xc7: (p) => p.extended(p.unsigned(1)),
  0xc8: (p) => p.extended(p.unsigned(2)),
  0xc9: (p) => p.extended(p.unsigned(4)),
  0xca: (p) => p.real(4),
  0xcb: (p) => p.real(8),
  0xcc: (p) => p.unsigned(1),
  0xcd: (p) => p.unsigned(2),
  0xce: (p) => p.unsigned(4),
  0xcf: (p) => p.unsigned(8),
  0xd0: (p) => p.signed(1),
  0xd1: (p) => p.signed(2),
  0xd2: (p) => p.signed(4),
  0xd3: (p) => p.signed(8),
  0xd4: (p) => p.extended(1),
  0xd5: (p) => p.extended(2),
  0xd6: (p) => p.extended(4),
  0xd7: (p) => p.extended(8),
  0xd8: (p) => p.extended(16),
  0xd9: (p) => p.text(p.unsigned(1)),
  0xda: (p) => p.text(p.unsigned(2)),
  0xdb: (p) => p.text(p.unsigned(4)),
  0xdc: (p, depth) => p.list(p.unsigned(2), depth),
  0xdd: (p, depth) => p.list(p.unsigned(4), depth),
  0xde: (p, depth) => p.map(p.unsigned(2), depth),
  0xdf: (p, depth) => p.map(p.unsigned(4), depth),
};
