/** Writes FlatBuffers, honest and lying ones. A table is an object from field numbers to values. */
type Scalar =
  | { readonly i8: number }
  | { readonly i32: number }
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly u64: number };
export type Flat =
  | Scalar
  | string
  | Uint8Array
  | { readonly i32s: readonly number[] }
  | { readonly f32s: readonly number[] }
  | { readonly i64s: readonly number[] }
  | readonly FlatTable[]
  | FlatTable;
export interface FlatTable {
  readonly table: Readonly<Record<number, Flat>>;
}

/** `identifier`: four letters behind the offset of the root. A table that occurs twice is written once. */
export function flatBuffer(root: FlatTable, identifier: string): Uint8Array {
  const writer = new Writer();
  writer.reserve(8);
  writer.bytes.write(identifier, 4, "latin1");
  writer.u32(0, writer.table(root));
  return Uint8Array.from(writer.bytes.subarray(0, writer.size));
}

class Writer {
  bytes = Buffer.alloc(1 << 12);
  size = 0;
  private readonly tables = new Map<FlatTable, number>();

  reserve(count: number): number {
    const at = Math.ceil(this.size / 4) * 4;
    this.size = at + count;
    while (this.size > this.bytes.length)
      this.bytes = Buffer.concat([this.bytes, Buffer.alloc(this.bytes.length)]);
    return at;
  }
  u32(at: number, value: number): void {
    this.bytes.writeUInt32LE(value, at);
  }

  table(flat: FlatTable): number {
    const known = this.tables.get(flat);
    if (known !== undefined) return known;
    const fields = Object.entries(flat.table).map(([key, value]) => ({ key: Number(key), value }));
    const count = Math.max(-1, ...fields.map(({ key }) => key)) + 1;
    const vtable = this.reserve(4 + 2 * count);
    const at = this.reserve(4 + 8 * fields.length);
    this.tables.set(flat, at);
    this.bytes.writeUInt16LE(4 + 2 * count, vtable);
    this.bytes.writeUInt16LE(4 + 8 * fields.length, vtable + 2);
    this.bytes.writeInt32LE(at - vtable, at);
    fields.forEach(({ key, value }, i) => {
      const place = at + 4 + 8 * i;
      this.bytes.writeUInt16LE(place - at, vtable + 4 + 2 * key);
      this.value(place, value);
    });
    return at;
  }

  private value(at: number, value: Flat): void {
    if (typeof value === "string") this.offset(at, this.vector(Buffer.from(value), 1));
    else if (value instanceof Uint8Array) this.offset(at, this.vector(value, 1));
    else if (isList(value)) {
      const start = this.vector(Buffer.alloc(4 * value.length), 4);
      this.offset(at, start);
      value.forEach((table, i) => {
        this.offset(start + 4 + 4 * i, this.table(table));
      });
    } else if ("table" in value) this.offset(at, this.table(value));
    else if ("i8" in value) this.bytes.writeInt8(value.i8, at);
    else if ("i32" in value) this.bytes.writeInt32LE(value.i32, at);
    else if ("u32" in value) this.u32(at, value.u32);
    else if ("f32" in value) this.bytes.writeFloatLE(value.f32, at);
    else if ("u64" in value) this.bytes.writeBigUInt64LE(BigInt(value.u64), at);
    else if ("i32s" in value) this.offset(at, this.vector(Int32Array.from(value.i32s), 4));
    else if ("f32s" in value) this.offset(at, this.vector(Float32Array.from(value.f32s), 4));
    else this.offset(at, this.vector(BigInt64Array.from(value.i64s.map(BigInt)), 8));
  }
  /** A table that was written before lies in front of `at`, which FlatBuffers cannot say: offsets count upwards. */
  private offset(at: number, to: number): void {
    this.bytes.writeInt32LE(to - at, at);
  }
  private vector(values: ArrayBufferView, size: number): number {
    const at = this.reserve(4 + values.byteLength);
    this.u32(at, values.byteLength / size);
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).copy(this.bytes, at + 4);
    return at;
  }
}

const isList = (value: Flat): value is readonly FlatTable[] => Array.isArray(value);
