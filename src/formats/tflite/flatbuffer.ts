/**
 * FlatBuffers read in place (flatbuffers.dev, "Internals"). Every offset and length is checked against the bytes that are there
 * before it is used; what is read in all is limited, so that many offsets to one long vector cost nothing.
 */
import { inputError } from "../../base/errors.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";

const PAGE = 1 << 16;
const KEPT_PAGES = 64;
const MAX_STRING = 1 << 16;
/** Vectors and strings of an honest file are read once each; its tensors' numbers are not among them. */
const BUDGET_FACTOR = 4;
const LEAST_BUDGET = 1 << 20;
const MOST_BUDGET = 1 << 28;

/** Numbers at any position, through a few pages: the tables of a file of gigabytes lie together. */
export class Bytes {
  private readonly pages = new Map<number, Buffer>();
  private budget: number;

  constructor(readonly source: ByteSource) {
    this.budget = Math.min(MOST_BUDGET, Math.max(LEAST_BUDGET, this.source.size * BUDGET_FACTOR));
  }

  u8(at: number): number {
    return this.view(at, 1).getUint8(0);
  }
  i8(at: number): number {
    return this.view(at, 1).getInt8(0);
  }
  u16(at: number): number {
    return this.view(at, 2).getUint16(0, true);
  }
  i32(at: number): number {
    return this.view(at, 4).getInt32(0, true);
  }
  u32(at: number): number {
    return this.view(at, 4).getUint32(0, true);
  }
  f32(at: number): number {
    return this.view(at, 4).getFloat32(0, true);
  }
  /** Exact up to 2^53, which no offset in a file exceeds. */
  u64(at: number): number {
    return Number(this.view(at, 8).getBigUint64(0, true));
  }
  i64(at: number): number {
    return Number(this.view(at, 8).getBigInt64(0, true));
  }

  /** `length` bytes as a copy, counted against what may be read in all. */
  take(at: number, length: number): Buffer {
    this.spend(length);
    return readBytes(this.source, at, length);
  }
  spend(bytes: number): void {
    this.budget -= bytes;
    if (this.budget < 0)
      throw inputError(
        `'${this.source.name}' repeats its parts more often than a model does; convert the model again.`,
      );
  }
  damaged(): Error {
    return inputError(
      `'${this.source.name}' is a damaged or truncated TFLite model; copy or convert it again.`,
    );
  }

  private view(at: number, length: number): DataView {
    if (!(at >= 0 && at + length <= this.source.size)) throw this.damaged();
    const from = at % PAGE;
    const page = this.page(Math.floor(at / PAGE));
    if (from + length <= page.length) return new DataView(page.buffer, from, length);
    return new DataView(readBytes(this.source, at, length).buffer);
  }

  private page(index: number): Buffer {
    const known = this.pages.get(index);
    if (known) return known;
    const start = index * PAGE;
    const page = readBytes(this.source, start, Math.min(PAGE, this.source.size - start));
    for (const oldest of this.pages.keys()) {
      if (this.pages.size < KEPT_PAGES) break;
      this.pages.delete(oldest);
    }
    this.pages.set(index, page);
    return page;
  }
}

/** A table: fields by their number in the schema; one that is absent has the schema's default. */
export class Table {
  private readonly vtable: number;
  private readonly fields: number;

  constructor(
    private readonly bytes: Bytes,
    private readonly at: number,
  ) {
    this.vtable = at - bytes.i32(at);
    const size = bytes.u16(this.vtable);
    if (size < 4 || size % 2 !== 0) throw bytes.damaged();
    this.fields = (size - 4) / 2;
  }

  static root(bytes: Bytes): Table {
    return new Table(bytes, bytes.u32(0));
  }

  i8(field: number, fallback = 0): number {
    const at = this.place(field);
    return at === null ? fallback : this.bytes.i8(at);
  }
  u8(field: number, fallback = 0): number {
    const at = this.place(field);
    return at === null ? fallback : this.bytes.u8(at);
  }
  bool(field: number): boolean {
    return this.u8(field) !== 0;
  }
  i32(field: number, fallback = 0): number {
    const at = this.place(field);
    return at === null ? fallback : this.bytes.i32(at);
  }
  u32(field: number, fallback = 0): number {
    const at = this.place(field);
    return at === null ? fallback : this.bytes.u32(at);
  }
  f32(field: number, fallback = 0): number {
    const at = this.place(field);
    return at === null ? fallback : this.bytes.f32(at);
  }
  u64(field: number): number {
    const at = this.place(field);
    return at === null ? 0 : this.bytes.u64(at);
  }
  has(field: number): boolean {
    return this.place(field) !== null;
  }
  string(field: number): string | null {
    const found = this.vector(field, 1);
    if (!found) return null;
    if (found.length > MAX_STRING) throw this.bytes.damaged();
    return this.bytes.take(found.start, found.length).toString("utf8");
  }
  table(field: number): Table | null {
    const at = this.place(field);
    return at === null ? null : new Table(this.bytes, at + this.bytes.u32(at));
  }
  tables(field: number): Table[] {
    return this.each(field, 4, (at) => new Table(this.bytes, at + this.bytes.u32(at)));
  }
  i32s(field: number): number[] | null {
    return this.has(field) ? this.each(field, 4, (at) => this.bytes.i32(at)) : null;
  }
  i64s(field: number): number[] {
    return this.each(field, 8, (at) => this.bytes.i64(at));
  }
  f32s(field: number): number[] {
    return this.each(field, 4, (at) => this.bytes.f32(at));
  }
  /** Where the bytes of a vector lie, for those who read them later. */
  range(field: number): { readonly start: number; readonly length: number } | null {
    return this.vector(field, 1);
  }

  private each<T>(field: number, size: number, read: (at: number) => T): T[] {
    const found = this.vector(field, size);
    if (!found) return [];
    this.bytes.spend(found.length * size);
    return Array.from({ length: found.length }, (_, i) => read(found.start + i * size));
  }
  private vector(field: number, size: number): { start: number; length: number } | null {
    const at = this.place(field);
    if (at === null) return null;
    const start = at + this.bytes.u32(at) + 4;
    const length = this.bytes.u32(start - 4);
    if (start + length * size > this.bytes.source.size) throw this.bytes.damaged();
    return { start, length };
  }
  private place(field: number): number | null {
    if (field >= this.fields) return null;
    const offset = this.bytes.u16(this.vtable + 4 + 2 * field);
    return offset === 0 ? null : this.at + offset;
  }
}
