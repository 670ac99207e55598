import { at } from "../../base/at.ts";
import type { Lowering, Value } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { valueOf, type Edge } from "./edges.ts";
import type { Attribute, DataType, TfNode } from "./types.ts";

/** Gives what function `name` gives for `args`; throws `Unsupported` where it cannot be called. */
export type Call = (name: string | undefined, args: readonly Edge[]) => readonly Edge[];

/** One TensorFlow operation while it is lowered: its inputs in the file's order, and its attributes. */
export class Operation {
  /** What parameters are taken as, by their `ref`: `kernel`, `bias`, ... */
  readonly roles = new Map<string, string>();
  /** What an exporter did to it, in words. */
  note: string | null = null;

  constructor(
    readonly l: Lowering,
    private readonly tf: TfNode,
    readonly edges: readonly Edge[],
    readonly call: Call,
  ) {}

  get op(): string {
    return this.tf.op;
  }

  attribute(key: string): Attribute | undefined {
    return this.tf.attributes.get(key);
  }
  text(key: string, fallback: string): string {
    return this.attribute(key)?.text ?? fallback;
  }
  int(key: string, fallback: number): number {
    return this.attribute(key)?.int ?? fallback;
  }
  float(key: string, fallback: number): number {
    return this.attribute(key)?.float ?? fallback;
  }
  bool(key: string, fallback: boolean): boolean {
    return this.attribute(key)?.bool ?? fallback;
  }
  type(key: string, fallback: DataType): DataType {
    return this.attribute(key)?.type ?? fallback;
  }
  ints(key: string): readonly number[] {
    return this.attribute(key)?.ints ?? [];
  }
  texts(key: string): readonly string[] {
    return this.attribute(key)?.texts ?? [];
  }

  edge(index: number): Edge {
    const edge = this.edges[index];
    if (!edge) throw new Unsupported("it misses an input");
    return edge;
  }
  value(index: number): Value {
    return valueOf(this.edge(index));
  }
  get x(): Value {
    return this.value(0);
  }
  /** All inputs, or those from `begin` up to `end` (not included), as `slice` counts. */
  values(begin?: number, end?: number): Value[] {
    return this.edges.slice(begin, end).map(valueOf);
  }
  /** Input `index` in a role, if it is a parameter. */
  parameter(index: number, role: string): Value {
    const value = this.value(index);
    if (value.kind === "parameter") this.roles.set((value.arranged?.stored ?? value).ref, role);
    return value;
  }

  /** The numbers of input `index`, which must be known while the file is read; `what` they are, in words. */
  numbers(index: number, what: string): readonly number[] {
    return this.l.numbers(this.value(index), what).data;
  }
  number(index: number, what: string): number {
    const numbers = this.numbers(index, what);
    if (numbers.length === 0) throw new Unsupported(`its ${what} is empty`);
    return at(numbers, 0);
  }
}

/** What a rule gives: one output, or all in order. Throws `Unsupported`, or a RangeError where shapes do not fit. */
export type Rule = (op: Operation) => Edge | readonly Edge[];
/** A family of operations by their names in the file. */
export type Rules = readonly (readonly [name: string, rule: Rule])[];
