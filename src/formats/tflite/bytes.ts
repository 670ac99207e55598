/**
 * The bytes of a FlatBuffer. Every position is checked against the bytes that are there before it is read; what is read in all
 * is limited, so that many offsets to one long vector cost nothing.
 */
import { inputError } from "../../base/errors.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";

const PAGE = 1 << 16;
const KEPT_PAGES = 64;
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
  f64(at: number): number {
    return this.view(at, 8).getFloat64(0, true);
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
