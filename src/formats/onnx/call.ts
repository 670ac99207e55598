import type { Lowering, Numbers, Value } from "../lower/index.ts";
import { Impossible, Unsupported } from "../lower/unsupported.ts";
import type { Constants } from "./constants.ts";
import type { Attribute, OnnxNode } from "./proto.ts";

/** What is shared by all nodes of a file. */
export interface Context {
  readonly constants: Constants;
  readonly notes: Set<string>;
  readonly batch: number | null;
  /** Who wrote the file, by its own word. */
  readonly producer: string;
}

const KINDS = { int: "whole number", float: "number", text: "text" } as const;

/** One node of the file while it is lowered: its inputs, and its attributes with their defaults. */
export class Call {
  constructor(
    readonly l: Lowering,
    readonly node: OnnxNode,
    readonly inputs: readonly (Value | null)[],
    /** Version of the operation set that it is written in. */
    readonly opset: number,
    private readonly attributes: ReadonlyMap<string, Attribute>,
    private readonly context: Context,
  ) {}

  /** The file's fixed batch, where it is read as a free one. */
  get batch(): number | null {
    return this.context.batch;
  }
  get producer(): string {
    return this.context.producer;
  }
  /** A tensor of an attribute as a value. */
  constant(attribute: Attribute): Value {
    return this.context.constants.value(attribute, this.l.name);
  }
  /** How the file stores an input that is a parameter: `int8`, `float16`, ... */
  storedType(index: number): string | null {
    const value = this.inputs[index];
    return value?.kind === "parameter" ? this.context.constants.storedType(value.name) : null;
  }
  /** Something that was assumed, in words. */
  note(words: string): void {
    this.context.notes.add(words);
  }

  get x(): Value {
    return this.input(0);
  }
  input(index: number): Value {
    const value = this.inputs[index];
    if (!value) throw new Unsupported(`its input ${index} is missing`);
    return value;
  }
  optional(index: number): Value | null {
    return this.inputs[index] ?? null;
  }
  /** The numbers of an input that must be known while the file is read; null where it is left out. */
  numbers(index: number, what: string): Numbers | null {
    const value = this.inputs[index];
    return value ? this.l.numbers(value, what) : null;
  }

  has(name: string): boolean {
    return this.attributes.has(name);
  }
  attribute(name: string): Attribute | null {
    return this.attributes.get(name) ?? null;
  }
  /** Throws `Impossible`, as `float` and `text` do, where the attribute is there and of another kind: it would count as not given. */
  int(name: string, fallback: number): number {
    return this.member(name, "int") ?? fallback;
  }
  /** Of an attribute that has no default: without it the operation means nothing. */
  required(name: string): number {
    const told = this.member(name, "int");
    if (told === undefined) throw new Impossible(`'${this.l.name}' has no attribute '${name}'`);
    return told;
  }
  float(name: string, fallback: number): number {
    return this.member(name, "float") ?? fallback;
  }
  text(name: string, fallback: string): string {
    return this.member(name, "text") ?? fallback;
  }
  private member<K extends "int" | "float" | "text">(
    name: string,
    kind: K,
  ): Attribute[K] | undefined {
    const given = this.attributes.get(name);
    if (given && given[kind] === undefined)
      throw new Impossible(`'${this.l.name}' has an attribute '${name}' that is no ${KINDS[kind]}`);
    return given?.[kind];
  }
  ints(name: string): readonly number[] | null {
    return this.attributes.get(name)?.ints ?? null;
  }
  /** A list that became an input in a later operation set: the attribute, or input `index`. */
  intsOrInput(name: string, index: number): readonly number[] | null {
    return this.ints(name) ?? this.numbers(index, name)?.data ?? null;
  }
}

/** What an operation gives: one value, or its outputs in order. Throws `Unsupported`, or a RangeError where shapes do not fit. */
export type Operator = (call: Call) => Value | readonly Value[];
/** A family of operations by ONNX's names (`op_type`). */
export type Operators = readonly (readonly [name: string, operator: Operator])[];
