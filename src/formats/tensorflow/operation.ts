import type { AttrsOf, KernelLayout, NodeId, Op } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import { plain } from "./fold.ts";
import type { Lowering } from "./lowering.ts";
import type { Attribute, DataType, Parameter, TfNode } from "./types.ts";
import { known, node, Unsupported, type Host, type Value } from "./values.ts";

type Computed = Exclude<Op, "input" | "constant" | "weight" | "opaque">;

/** A parameter that an operation takes, and as what. */
export interface Use {
  readonly parameter: Parameter;
  /** `kernel`, `bias`, ...; null: as the file names it. */
  readonly role: string | null;
  readonly layout: KernelLayout | null;
}

/** One TensorFlow operation while it is lowered to operations of the graph. */
export class Operation {
  /** Parameters that it took. */
  readonly uses: Use[] = [];
  /** What an exporter did to it, in words. */
  note: string | null = null;

  constructor(
    private readonly lowering: Lowering,
    private readonly tf: TfNode,
    /** Its name with the scopes of the functions around it. */
    readonly name: string,
    readonly inputs: readonly Value[],
    private readonly depth: number,
  ) {}

  get op(): string {
    return this.tf.op;
  }
  get count(): number {
    return this.inputs.length;
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

  value(index: number): Value {
    const value = this.inputs[index];
    if (!value) throw new Unsupported("it misses an input");
    return value;
  }
  /** Input `index` as a tensor of the graph. */
  tensor(index: number): NodeId {
    return this.asTensor(this.value(index));
  }
  asTensor(value: Value): NodeId {
    if (value.kind === "parameter") return this.weight(value, null, null);
    return this.lowering.materialise(value, this.name);
  }
  /** A parameter in a role; anything else as the tensor that it is. */
  weight(value: Value, role: string | null, layout: KernelLayout | null): NodeId {
    if (value.kind === "parameter") this.uses.push({ parameter: value.parameter, role, layout });
    return this.lowering.materialise(value, this.name);
  }
  /** Input `index`, which must be known when the file is read. */
  host(index: number): Host {
    const found = known(this.value(index));
    if (!found) throw new Unsupported(`its input ${index} is known only when it runs`);
    return found;
  }
  numbers(index: number): number[] {
    return this.host(index).data.map(plain);
  }
  number(index: number): number {
    const [first] = this.numbers(index);
    if (first === undefined) throw new Unsupported(`its input ${index} is empty`);
    return first;
  }
  shapeOf(value: Value): Shape {
    if (value.kind === "node") return this.shape(value.id);
    if (value.kind === "host" || value.kind === "parameter") return value.shape;
    throw new Unsupported("it asks for the shape of something that has none");
  }
  /** [-1] -> [3] for rank 4. */
  axis(axis: number, rank: number): number {
    const found = axis < 0 ? axis + rank : axis;
    if (found < 0 || found >= rank)
      throw new Unsupported(`it refers to axis ${axis} of a tensor of rank ${rank}`);
    return found;
  }

  shape(id: NodeId): Shape {
    return this.lowering.builder.shape(id);
  }
  dim(id: NodeId, axis: number): number {
    const size = this.shape(id).at(axis);
    if (typeof size !== "number")
      throw new Unsupported(
        `axis ${axis} of its input [${this.shape(id).join(", ")}] is not known`,
      );
    return size;
  }
  make<K extends Computed>(op: K, inputs: readonly NodeId[], ...attrs: AttrsOf<K>): NodeId {
    return this.lowering.builder.add(op, this.name, inputs, ...attrs);
  }
  scalar(value: number): NodeId {
    return this.lowering.builder.scalar(value, `${this.name}/value`);
  }
  floats(values: readonly number[], shape: readonly number[] = [values.length]): NodeId {
    return this.lowering.builder.constant(
      { dtype: "float32", shape, data: Float32Array.from(values) },
      `${this.name}/values`,
    );
  }
  /** Looks through a reshape that was made before; none is made where the shape stays. */
  reshape(x: NodeId, shape: Shape): NodeId {
    return this.lowering.rearranged.reshape(x, shape, this.name);
  }
  transpose(x: NodeId, perm: readonly number[]): NodeId {
    return this.lowering.rearranged.transpose(x, perm, this.name);
  }
  /** The channels-last tensor behind a channels-first one; null for any other. */
  channelsLast(x: NodeId): NodeId | null {
    return this.lowering.rearranged.channelsLast(x);
  }
  /** The graph so far, for rules that recognise a pattern. */
  get(id: NodeId): ReturnType<Lowering["builder"]["get"]> {
    return this.lowering.builder.get(id);
  }

  /** What function `name` gives for `args`. */
  call(name: string | undefined, args: readonly Value[]): readonly Value[] {
    return this.lowering.call(name, args, this.name, this.depth);
  }
  /** How many pictures a row of [free, ...] stands for (after a reshape that joined axes with the batch). */
  get rows(): Map<NodeId, number> {
    return this.lowering.rows;
  }
  /** Tensors that are split into phases by SpaceToBatchND, with what was done to them. */
  get phases(): Lowering["phases"] {
    return this.lowering.phases;
  }
}

/** What a rule gives: one tensor, one value, or the values of all outputs. */
export type Result = NodeId | Value | readonly Value[];
export type Rule = (op: Operation) => Result;

export const results = (result: Result): readonly Value[] => {
  if (typeof result === "string") return [node(result)];
  return "kind" in result ? [result] : result;
};
