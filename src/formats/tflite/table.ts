/** Tables of a FlatBuffer, read in place (flatbuffers.dev, "Internals"). Every offset is checked before it is followed. */
import type { Bytes } from "./bytes.ts";

const MAX_STRING = 1 << 16;

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
  u8s(field: number): number[] {
    return this.each(field, 1, (at) => this.bytes.u8(at));
  }
  u16s(field: number): number[] {
    return this.each(field, 2, (at) => this.bytes.u16(at));
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
