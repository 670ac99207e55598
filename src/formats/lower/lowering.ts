import { at } from "../../base/at.ts";
import type { AttrsOf, KernelLayout, NodeId } from "../../graph/index.ts";
import { sizeOf, type DType, type Shape } from "../../base/tensor.ts";
import { freed } from "./batch.ts";
import { Unsupported } from "./unsupported.ts";
import { arrangedShape, moveAxes } from "./arrange.ts";
import { NUMBERS_AS } from "./host.ts";
import type { Computed, Network, Use } from "./network.ts";
import {
  channelsLast,
  hasBatch,
  isPlain,
  range,
  type Arrangement,
  type Numbers,
  type Parameter,
  type Tensor,
  type Value,
} from "./value.ts";

/** Integer parameters up to this many cells are read on the spot where their values decide shapes. */
const READ_AT_ONCE = 1 << 16;

/**
 * One layer of a file while it is lowered. Functions of this folder take values in the file's order of axes and give values
 * in the file's order; how the graph keeps them is `Tensor.order`, and axes are moved only where an operation needs it.
 */
export class Lowering {
  /** Parameters that the layer reads. */
  readonly uses = new Map<string, Use>();

  constructor(
    readonly network: Network,
    readonly name: string,
  ) {}

  op<K extends Computed>(op: K, inputs: readonly NodeId[], ...attrs: AttrsOf<K>): NodeId {
    return this.network.add(op, `${this.name}/${op}`, inputs, ...attrs);
  }
  scalar(value: number): NodeId {
    return this.network.builder.scalar(value, `${this.name}/value`);
  }
  nodeShape(node: NodeId): Shape {
    return this.network.builder.shape(node);
  }
  dtype(value: Value): DType {
    if (value.kind === "tensor") return this.network.builder.get(value.node).dtype;
    return value.kind === "parameter" ? value.dtype : NUMBERS_AS[value.type];
  }
  /** A node's value; `order` says which axes of the file its axes are. */
  tensor(node: NodeId, order?: readonly number[]): Tensor {
    const sizes = this.network.sizes(node);
    const own = order ?? range(sizes.length);
    const shape = own.map((_, axis) => at(sizes, own.indexOf(axis)));
    return { kind: "tensor", node, shape, order: own };
  }

  /** The node that holds `value` with its axes in `order` (the file's, when left out). */
  node(value: Value, order: readonly number[] = range(value.shape.length)): NodeId {
    if (value.kind === "tensor") {
      const perm = order.map((axis) => value.order.indexOf(axis));
      return this.network.transposed(value.node, perm, this.name);
    }
    return this.arranged(value, { shape: value.shape, perm: order });
  }
  /** `value` kept channels-last. */
  last(value: Value): NodeId {
    return this.node(value, channelsLast(value.shape.length));
  }

  /** The node of `value` seen in another shape, with its axes then moved. A parameter is arranged once, when it is read. */
  arranged(value: Value, arrangement: Arrangement, kernel: KernelLayout | null = null): NodeId {
    if (value.kind === "parameter") return this.weight(value, arrangement, kernel);
    if (value.kind === "numbers") {
      const stored = this.network.keptAs(value);
      return stored ? this.weight(stored, arrangement, kernel) : this.constant(value, arrangement);
    }
    const { shape, perm } = arrangement;
    return this.network.transposed(
      this.reshape(this.node(value), shape.map(freed)),
      perm,
      this.name,
    );
  }
  private weight(value: Parameter, arrangement: Arrangement, kernel: KernelLayout | null): NodeId {
    return this.network.weight(this.use(value, arrangement, kernel));
  }
  /** Counts a parameter among those of the layer. */
  use(value: Parameter, arrangement?: Arrangement, kernel: KernelLayout | null = null): Use {
    const use = this.network.use(value, arrangement, kernel);
    this.uses.set(use.ref, use);
    return use;
  }
  private constant(value: Numbers, arrangement: Arrangement): NodeId {
    if (hasBatch(value)) throw new Unsupported("it computes with the size of the batch");
    const own = ARRAYS[value.type].from(value.data);
    const data = isPlain(arrangement.perm) ? own : moveAxes(own, own.slice(), arrangement);
    return this.network.builder.constant(
      { dtype: NUMBERS_AS[value.type], shape: arrangedShape(arrangement), data },
      `${this.name}/constant`,
    );
  }

  /** On nodes: no axis is moved. What was only given another shape is taken as it was before. */
  reshape(node: NodeId, shape: Shape): NodeId {
    const { builder } = this.network;
    const given = builder.get(node);
    const source = given.op === "reshape" ? (given.inputs[0] ?? node) : node;
    const same = (id: NodeId): boolean => {
      const own = builder.shape(id);
      return own.length === shape.length && own.every((size, i) => size === shape[i]);
    };
    const there = [node, source].find(same);
    return there ?? this.op("reshape", [source], { shape });
  }

  /** The numbers of `value` where they are known while the file is read: constants, and small integer parameters. */
  known(value: Value): Numbers | null {
    if (value.kind === "numbers") return value;
    if (value.kind === "tensor" || value.dtype === "float32") return null;
    return this.read(value);
  }
  /** Like `known`, for small parameters of any type; throws `Unsupported` where the network computes them. */
  numbers(value: Value, what: string): Numbers {
    const found = value.kind === "parameter" ? this.read(value) : this.known(value);
    if (!found) throw new Unsupported(`its ${what} is computed by the network`);
    return found;
  }
  private read(value: Parameter): Numbers | null {
    if (sizeOf(value.shape) > READ_AT_ONCE) return null;
    const type = value.dtype === "float32" ? "float" : value.dtype === "bool" ? "bool" : "int";
    return { kind: "numbers", shape: value.shape, data: Array.from(value.read().data), type };
  }
}

const ARRAYS = { float: Float32Array, int: Int32Array, bool: Uint8Array } as const;
