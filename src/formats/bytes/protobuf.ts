/**
 * Protocol buffers as they lie in a source: a message is a range of bytes that is read when it is asked for, so that large
 * tensors stay in the file. Wire format: https://protobuf.dev/programming-guides/encoding. Nothing is trusted: lengths are
 * checked against the message around them, and nesting is limited.
 */
import { inputError } from "../../base/errors.ts";
import { readBytes, type ByteSource } from "./source.ts";

const PAGE = 1 << 16;
const MAX_DEPTH = 100;
/** A text longer than this is no name. */
const MAX_TEXT = 64 * 2 ** 20;

/** A source read in pages: messages are many small fields side by side. */
class Pages {
  private page: Uint8Array = new Uint8Array(0);
  private from = 0;

  constructor(readonly source: ByteSource) {}

  byte(position: number): number {
    let at = position - this.from;
    if (at < 0 || at >= this.page.length) {
      this.from = position;
      const length = Math.max(0, Math.min(PAGE, this.source.size - position));
      this.page = readBytes(this.source, position, length);
      at = 0;
    }
    const byte = this.page[at];
    if (byte === undefined) throw damaged(this.source);
    return byte;
  }
  bytes(position: number, length: number): Buffer {
    const at = position - this.from;
    if (at >= 0 && at + length <= this.page.length)
      return Buffer.from(Uint8Array.from(this.page.subarray(at, at + length)).buffer);
    return readBytes(this.source, position, length);
  }
}

const damaged = (source: ByteSource): Error =>
  inputError(
    `'${source.name}' is damaged or cut short (its protocol buffer is not well formed); copy or save it again.`,
  );

/** A message: bytes from `start` to `end` of a source. */
export class Message {
  private constructor(
    private readonly pages: Pages,
    readonly start: number,
    readonly end: number,
    private readonly depth: number,
  ) {}

  /** What the source is called, for what is said about it. */
  get file(): string {
    return this.pages.source.name;
  }

  /** A source that is one message. */
  static of(source: ByteSource): Message {
    return new Message(new Pages(source), 0, source.size, 0);
  }

  /** Its fields in order; a repeated field comes several times. Throws a ConvLensError of kind `input`. */
  *fields(): Generator<Field> {
    const { pages } = this;
    let at = this.start;
    const varint = (): bigint => {
      let value = 0n;
      for (let shift = 0n; shift < 70n; shift += 7n) {
        if (at >= this.end) throw damaged(pages.source);
        const byte = pages.byte(at++);
        value |= BigInt(byte & 127) << shift;
        if (byte < 128) return BigInt.asUintN(64, value);
      }
      throw damaged(pages.source);
    };
    while (at < this.end) {
      const key = varint();
      const number = Number(key >> 3n);
      const wire = Number(key & 7n);
      const from = at;
      let value = 0n;
      if (wire === 0) value = varint();
      else if (wire === 1) at += 8;
      else if (wire === 5) at += 4;
      else if (wire === 2) {
        const length = varint();
        if (length > BigInt(this.end - at)) throw damaged(pages.source);
        const start = at;
        at += Number(length);
        yield new Field(pages, number, wire, 0n, start, at, this.depth);
        continue;
      } else throw damaged(pages.source);
      if (at > this.end || number === 0) throw damaged(pages.source);
      yield new Field(pages, number, wire, value, from, at, this.depth);
    }
  }

  /** A message in a field of another one. */
  static inside(pages: Pages, start: number, end: number, depth: number): Message {
    if (depth > MAX_DEPTH)
      throw inputError(
        `'${pages.source.name}' nests messages deeper than ${MAX_DEPTH} levels, which no network does.`,
      );
    return new Message(pages, start, end, depth);
  }
}

/** A field of a message; each method reads it as one type, and refuses another one on the wire. */
export class Field {
  constructor(
    private readonly pages: Pages,
    readonly number: number,
    /** 0 varint, 1 eight bytes, 2 a length and bytes, 5 four bytes. */
    readonly wire: number,
    private readonly value: bigint,
    /** Where its bytes begin in the source, and end. */
    readonly start: number,
    readonly end: number,
    private readonly depth: number,
  ) {}

  private expect(wire: number): void {
    if (this.wire !== wire) throw damaged(this.pages.source);
  }
  get length(): number {
    return this.end - this.start;
  }
  /** A signed integer; beyond 2^53 it is rounded. */
  int(): number {
    this.expect(0);
    return Number(BigInt.asIntN(64, this.value));
  }
  /** The number of a varint as it stands there. */
  get bits(): bigint {
    return this.value;
  }
  /** The four or eight bytes of a number of fixed size. */
  fixed(): Buffer {
    return this.pages.bytes(this.start, this.length);
  }
  bool(): boolean {
    this.expect(0);
    return this.value !== 0n;
  }
  float(): number {
    this.expect(5);
    return this.pages.bytes(this.start, 4).readFloatLE(0);
  }
  double(): number {
    this.expect(1);
    return this.pages.bytes(this.start, 8).readDoubleLE(0);
  }
  /** The bytes themselves; they are in the file, so their number is true. */
  bytes(): Buffer {
    this.expect(2);
    return this.pages.bytes(this.start, this.length);
  }
  text(): string {
    this.expect(2);
    if (this.length > MAX_TEXT) throw damaged(this.pages.source);
    return this.bytes().toString("utf8");
  }
  message(): Message {
    this.expect(2);
    return Message.inside(this.pages, this.start, this.end, this.depth + 1);
  }
  /** Integers of a repeated field, packed or one of many. */
  ints(): number[] {
    if (this.wire === 0) return [this.int()];
    const bytes = this.bytes();
    const found: number[] = [];
    let [value, shift] = [0n, 0n];
    for (const byte of bytes) {
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) {
        found.push(Number(BigInt.asIntN(64, value)));
        [value, shift] = [0n, 0n];
      } else if (shift >= 70n) throw damaged(this.pages.source);
    }
    if (shift !== 0n) throw damaged(this.pages.source);
    return found;
  }
  floats(): number[] {
    if (this.wire === 5) return [this.float()];
    const bytes = this.bytes();
    if (bytes.length % 4 !== 0) throw damaged(this.pages.source);
    return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
  }
  doubles(): number[] {
    if (this.wire === 1) return [this.double()];
    const bytes = this.bytes();
    if (bytes.length % 8 !== 0) throw damaged(this.pages.source);
    return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(i * 8));
  }
}
