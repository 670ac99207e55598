import type { ByteSource } from "../../bytes/source.ts";
import { PickleError } from "./values.ts";

const BLOCK = 1 << 16;
/** Longer strings are no names; they are passed over without being kept. */
const MAX_TEXT = 1 << 16;
const MAX_LINE = 1 << 12;
/** All text of a pickle together. */
const MAX_ALL_TEXT = 1 << 24;

/** The bytes of a pickle, read in blocks: what it declares is never allocated. */
export class PickleStream {
  private readonly block = Buffer.alloc(BLOCK);
  private start = 0;
  private filled = 0;
  private text = 0;

  constructor(
    private readonly source: ByteSource,
    public position: number,
  ) {}

  u8(): number {
    return this.take(1).readUInt8();
  }
  u16(): number {
    return this.take(2).readUInt16LE();
  }
  i32(): number {
    return this.take(4).readInt32LE();
  }
  u32(): number {
    return this.take(4).readUInt32LE();
  }
  u64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }
  /** Big-endian, as pickles have it. */
  f64(): number {
    return this.take(8).readDoubleBE();
  }
  /** Two's complement of any length, little-endian. */
  long(length: number): number | bigint {
    if (length > 255) throw new PickleError(`a number of ${length} bytes`);
    let value = 0n;
    const bytes = this.take(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    const signed = length === 0 ? 0n : BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }
  string(length: number): string {
    if (length > MAX_TEXT) {
      this.skip(length);
      return "";
    }
    this.count(length);
    return this.take(length).toString("utf8");
  }
  /** Up to the next line feed, which is passed over. */
  line(): string {
    const bytes: number[] = [];
    for (let byte = this.u8(); byte !== 10; byte = this.u8()) {
      if (bytes.length >= MAX_LINE) throw new PickleError("a line without an end");
      bytes.push(byte);
    }
    this.count(bytes.length);
    return Buffer.from(bytes).toString("utf8");
  }
  skip(length: number): void {
    if (!(this.position + length <= this.source.size)) throw new PickleError("it is cut short");
    this.position += length;
  }

  private count(length: number): void {
    this.text += length;
    if (this.text > MAX_ALL_TEXT) throw new PickleError("more text than any network has");
  }

  /** The next bytes, valid until the next call. */
  private take(length: number): Buffer {
    let at = this.position - this.start;
    if (at < 0 || at + length > this.filled) {
      this.start = this.position;
      this.filled = this.source.readInto(this.block, this.position);
      at = 0;
      if (length > this.filled) throw new PickleError("it is cut short");
    }
    this.position += length;
    return this.block.subarray(at, at + length);
  }
}
