import type {
  AttrsOf,
  GraphBuilder,
  KernelLayout,
  NodeId,
  Op,
  WeightInfo,
} from "../../graph/index.ts";
import { sizeOf, type Shape } from "../../base/tensor.ts";
import { toData, type HostTensor } from "./host.ts";
import { refOf } from "./store.ts";
import type { TfliteOperator, TfliteTensor } from "./types.ts";

/** What stands for a tensor while the graph is built. */
export type Value =
  | { readonly kind: "node"; readonly node: NodeId }
  | { readonly kind: "host"; readonly host: HostTensor }
  | { readonly kind: "stored"; readonly tensor: TfliteTensor }
  /** The output of something that is not understood; `blame` names it. */
  | { readonly kind: "unknown"; readonly node: NodeId; readonly blame: string };

export type Output = NodeId | HostTensor;
export interface Lowered {
  readonly outputs: readonly Output[];
  /** Before a fused activation. */
  readonly preActivation?: NodeId | undefined;
  /** What the converter made of it, in words. */
  readonly notes?: readonly string[];
}
export type Lower = (scope: OpScope) => NodeId | Lowered;

/** Why an operator is shown but not executed. */
export class Unsupported extends Error {}
/** It names the batch's size, so the batch cannot be free. */
export class FixedBatch extends Unsupported {}

const FEW = 4;

type Computed = Exclude<Op, "input" | "constant" | "weight" | "opaque">;

/** One operator while it is lowered. Inputs and options are those of the schema, by their numbers. */
export class OpScope {
  readonly weights: WeightInfo[] = [];

  constructor(
    readonly hint: string,
    readonly operator: TfliteOperator,
    /** Its first output, as the file describes it. */
    readonly output: TfliteTensor | undefined,
    private readonly values: readonly (Value | null)[],
    /** The size of the batch that the file was written for. */
    readonly batch: number,
    private readonly builder: GraphBuilder,
    private readonly hostFor: (tensor: TfliteTensor) => HostTensor | null,
    private readonly weightNodes: Map<string, NodeId>,
    /** Lengths of free first axes, where they are not the batch. */
    private readonly lengths: Map<NodeId, number>,
  ) {}

  get count(): number {
    return this.values.length;
  }
  has(i: number): boolean {
    return this.values[i] !== null && this.values[i] !== undefined;
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
  i32s(field: number): number[] | null {
    return this.operator.options?.i32s(field) ?? null;
  }

  /** Input `i` as a node; a constant becomes a parameter called `name`, a few numbers a constant of the graph. */
  node(i: number, name = "value"): NodeId {
    const value = this.value(i);
    if (value.kind === "node" || value.kind === "unknown") return value.node;
    if (value.kind === "host") return this.builder.constant(toData(value.host), this.hint);
    const host = this.hostFor(value.tensor);
    if (host && host.values.length <= FEW && name === "value")
      return this.builder.constant(toData(host), `${this.hint}/value`);
    return this.parameter(value.tensor, name);
  }
  /** Input `i` as a kernel in the graph's layout; null when it is computed. */
  kernel(i: number, name: string, layout: KernelLayout, multiplier = 1): NodeId | null {
    const value = this.value(i);
    if (value.kind !== "stored") return null;
    return this.parameter(value.tensor, name, layout, multiplier);
  }
  stored(i: number): TfliteTensor | null {
    const value = this.value(i);
    return value.kind === "stored" ? value.tensor : null;
  }
  /** Input `i` where it is known without a picture. */
  host(i: number): HostTensor | null {
    const value = this.value(i);
    if (value.kind === "host") return value.host;
    return value.kind === "stored" ? this.hostFor(value.tensor) : null;
  }
  ints(i: number): readonly number[] {
    const host = this.host(i);
    if (!host) throw new Unsupported("its settings are computed from the picture");
    return host.values;
  }
  /** Sizes of input `i`; the batch may be free. */
  shape(i: number): Shape {
    const value = this.value(i);
    if (value.kind === "node") return this.builder.shape(value.node);
    if (value.kind === "unknown") return this.builder.shape(value.node);
    return value.kind === "host" ? value.host.shape : value.tensor.shape;
  }
  shapeOf(id: NodeId): Shape {
    return this.builder.shape(id);
  }
  dtypeOf(id: NodeId): string {
    return this.builder.get(id).dtype;
  }
  /** Sizes of a node as the file has them: with its own batch in the place of a free one. */
  sizes(id: NodeId): number[] {
    return this.shapeOf(id).map((axis) => axis ?? this.rows(id));
  }
  inputSizes(i: number): number[] {
    const value = this.value(i);
    return value.kind === "node" || value.kind === "unknown"
      ? this.sizes(value.node)
      : this.shape(i).map(Number);
  }
  /** How long a free first axis is in the file: a reshape may take other axes into it. */
  private rows(id: NodeId): number {
    return this.lengths.get(id) ?? this.batch;
  }
  /** `[-1]` -> `[3]` for rank 4. */
  axes(axes: readonly number[], rank: number): number[] {
    return axes.map((axis) => {
      const at = axis < 0 ? axis + rank : axis;
      if (at < 0 || at >= rank)
        throw new Unsupported(`it refers to axis ${axis} of a tensor of rank ${rank}`);
      return at;
    });
  }

  op<K extends Computed>(op: K, inputs: readonly NodeId[], ...attrs: AttrsOf<K>): NodeId {
    const id = this.builder.add(op, `${this.hint}/${op}`, inputs, ...attrs);
    const free = inputs.find((input) => this.shapeOf(input)[0] === null);
    if (free !== undefined && this.shapeOf(id)[0] === null) this.lengths.set(id, this.rows(free));
    return id;
  }
  scalar(value: number): NodeId {
    return this.builder.scalar(value, `${this.hint}/value`);
  }
  times(x: NodeId, factor: number): NodeId {
    return factor === 1 ? x : this.op("mul", [x, this.scalar(factor)]);
  }
  plus(x: NodeId, value: number): NodeId {
    return value === 0 ? x : this.op("add", [x, this.scalar(value)]);
  }
  transpose(x: NodeId, perm: readonly number[]): NodeId {
    if (perm.every((axis, i) => axis === i)) return x;
    if (new Set(this.axes(perm, this.shapeOf(x).length)).size !== this.shapeOf(x).length)
      throw new Unsupported("its order of axes is none");
    if (this.shapeOf(x)[0] === null && perm[0] !== 0)
      throw new FixedBatch("it moves the batch axis");
    return this.op("transpose", [x], { perm });
  }
  /** `to` as the file has it: where the batch is free, the first axis takes up what it is a multiple of. */
  reshape(x: NodeId, to: readonly number[]): NodeId {
    const from = this.shapeOf(x);
    if (!to.every((axis) => Number.isInteger(axis) && axis >= 0))
      throw new Unsupported(`its sizes [${to.join(", ")}] are none`);
    if (!from.includes(null)) {
      const same = to.length === from.length && to.every((axis, i) => axis === from[i]);
      return same ? x : this.op("reshape", [x], { shape: to });
    }
    const [first = 0, ...rest] = to;
    const whole = sizeOf(to) === sizeOf(this.sizes(x));
    if (rest.length === 0 || first % this.batch !== 0 || !whole)
      throw new FixedBatch("it mixes the pictures of a batch");
    const shape = [null, ...rest];
    if (shape.length === from.length && shape.every((axis, i) => axis === from[i])) return x;
    const id = this.op("reshape", [x], { shape });
    this.lengths.set(id, first);
    return id;
  }

  private value(i: number): Value {
    const value = this.values[i];
    if (!value) throw new Unsupported(`its input ${i} is missing`);
    return value;
  }
  private parameter(
    tensor: TfliteTensor,
    name: string,
    layout?: KernelLayout,
    multiplier = 1,
  ): NodeId {
    if (tensor.sparse || tensor.type === null)
      throw new Unsupported(
        tensor.sparse
          ? `its ${name} is stored sparsely, which is not read`
          : `its ${name} is not made of numbers`,
      );
    const ref = refOf(tensor, layout, multiplier);
    const shape = laidOut(tensor.shape, layout, multiplier);
    const uses = this.weights.filter((weight) => weight.name.startsWith(name)).length;
    this.weights.push({
      name: uses === 0 ? name : `${name}_${uses}`,
      ref,
      shape,
      ...(layout && { fileShape: tensor.shape, kernel: layout }),
      storedDType: tensor.type,
      trainable: true,
    });
    const known = this.weightNodes.get(ref);
    if (known !== undefined) return known;
    const float = tensor.quantization !== null || tensor.type.startsWith("float");
    const dtype = tensor.type === "bool" ? "bool" : float ? "float32" : "int32";
    const node = this.builder.weight(ref, shape, dtype);
    this.weightNodes.set(ref, node);
    return node;
  }
}

function laidOut(
  shape: readonly number[],
  layout: KernelLayout | undefined,
  multiplier: number,
): number[] {
  if (!layout) return [...shape];
  const [o = 1, h = 1, w = 1, i = 1] = shape;
  if (layout === "hwcm") return [h, w, i / multiplier, multiplier];
  return layout === "hwoi" ? [h, w, o, i] : [h, w, i, o];
}
