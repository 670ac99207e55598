import { sizeOf } from "../../base/tensor.ts";
import type { NodeId } from "../../graph/index.ts";
import { freeBatch, isFree, show, sizeFor, type Lowering, type Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { TfliteOperator, TfliteTensor } from "./types.ts";

/** What an operator gives: one value, or more. Throws `Unsupported`, or a RangeError where shapes do not fit. */
export type Operator = (call: Call) => Value | Lowered;
/** A family of operators by their names in `operator-codes.ts`. */
export type Operators = readonly (readonly [name: string, operator: Operator])[];

/** Outputs in the order of the file's. */
export interface Lowered {
  readonly outputs: readonly Value[];
  /** Before a fused activation. */
  readonly preActivation?: NodeId | null;
  /** What the converter made of it, in words. */
  readonly notes?: readonly string[];
}

/** Constants of up to this many numbers are part of the graph, not parameters of a layer. */
const FEW = 4;

/** One operator while it is lowered: its inputs, and its options by their numbers in `schema.fbs`. */
export class Call {
  /** What parameters are called in the layer (`kernel`, `bias`), by their `name`. */
  readonly roles = new Map<string, string>();

  constructor(
    readonly l: Lowering,
    readonly operator: TfliteOperator,
    /** The first output, as the file describes it. */
    readonly output: TfliteTensor | undefined,
    private readonly inputs: readonly (Value | null)[],
    /** The batch that the file was written for, where it is read as free. */
    readonly batch: number | null,
  ) {}

  get x(): Value {
    return this.input(0);
  }
  get count(): number {
    return this.inputs.length;
  }
  /** All inputs. */
  get all(): Value[] {
    return this.inputs.map((_, i) => this.input(i));
  }
  has(index: number): boolean {
    return (this.inputs[index] ?? null) !== null;
  }
  /** Input `index`; a constant is the layer's `role`. */
  input(index: number, role = "value"): Value {
    const value = this.inputs[index];
    if (!value) throw new Unsupported(`its input ${index} is missing, or holds no numbers`);
    if (value.kind !== "parameter") return value;
    if (role === "value" && sizeOf(value.shape) <= FEW) return this.l.numbers(value, role);
    this.roles.set(value.name, role);
    return value;
  }
  optional(index: number, role: string): Value | null {
    return this.has(index) ? this.input(index, role) : null;
  }
  /** The numbers of input `index`, which must be known while the file is read. */
  numbers(index: number, what: string): readonly number[] {
    const value = this.inputs[index];
    if (!value) throw new Unsupported(`its ${what} is missing`);
    return this.l.numbers(value, what).data;
  }
  /** The only number of input `index`. */
  number(index: number, what: string): number {
    const [only, ...others] = this.numbers(index, what);
    if (only === undefined || others.length > 0)
      throw new Unsupported(`its ${what} is not one number`);
    return only;
  }
  /** `size` as the file tells it of an axis of `length` cells: where that is the batch it was written for, it is the free one. */
  freed(size: number, length: number): number {
    return this.batch !== null && size === sizeFor(length, this.batch) ? length : size;
  }

  /** `target`, which the file reshapes `x` to, with the batch that it was written for as the free one. */
  freeBatch(target: readonly number[], x: Value): readonly number[] {
    const { batch } = this;
    if (batch === null) return target;
    const own = x.shape.map((size) => sizeFor(size, batch));
    if (!target.some((size) => size < 0 || isFree(size)) && sizeOf(own) !== sizeOf(target))
      throw new Unsupported(`${show(own)} does not reshape to ${show(target)}`);
    return freeBatch(x.shape, target, batch);
  }

  i8(field: number): number {
    return this.operator.options?.i8(field) ?? 0;
  }
  i32(field: number, fallback = 0): number {
    return this.operator.options?.i32(field, fallback) ?? fallback;
  }
  f32(field: number, fallback = 0): number {
    return this.operator.options?.f32(field, fallback) ?? fallback;
  }
  bool(field: number): boolean {
    return this.operator.options?.bool(field) ?? false;
  }
  i32s(field: number): readonly number[] | null {
    return this.operator.options?.i32s(field) ?? null;
  }
}
