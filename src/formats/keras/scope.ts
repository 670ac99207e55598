import type { AttrsOf, GraphBuilder, NodeId, Op } from "../../graph/index.ts";
import { sizeOf, type Shape } from "../../base/tensor.ts";
import type { Call } from "./calls.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Config } from "../json.ts";

/** What a layer became. */
export interface Lowered {
  readonly outputs: readonly NodeId[];
  /** Before the layer's own activation. */
  readonly preActivation?: NodeId | undefined;
}

export interface LayerSpec {
  /** Names of its weights in the order in which Keras keeps them; none when left out. */
  weights?(config: Config): readonly string[];
  /** Throws `Unsupported`, or a RangeError where shapes do not fit. */
  lower(scope: Scope): NodeId | Lowered;
}

export { Unsupported };

type Computed = Exclude<Op, "input" | "constant" | "weight" | "opaque">;

/** One call of one layer while it is lowered to operations. */
export class Scope {
  constructor(
    readonly name: string,
    readonly className: string,
    readonly config: Config,
    /** Tensors of the call, in order. */
    readonly inputs: readonly NodeId[],
    readonly call: Call,
    /** Major version of Keras that wrote the file. */
    readonly version: number,
    private readonly builder: GraphBuilder,
    private readonly weightOf: (name: string, shape: readonly number[] | null) => NodeId,
  ) {}

  /** The same call with another configuration: an activation that is itself a layer. */
  with(config: Config, className: string, inputs: readonly NodeId[]): Scope {
    const { name, call, version, builder, weightOf } = this;
    return new Scope(name, className, config, inputs, call, version, builder, weightOf);
  }

  get x(): NodeId {
    const first = this.inputs[0];
    if (first === undefined) throw new Unsupported("it is called without a tensor");
    return first;
  }
  shape(id: NodeId): Shape {
    return this.builder.shape(id);
  }
  rank(id: NodeId): number {
    return this.shape(id).length;
  }
  /** A size that must be known: any but the batch. Negative axes count from the end. */
  dim(id: NodeId, axis: number): number {
    const shape = this.shape(id);
    const size = shape.at(axis);
    if (typeof size !== "number")
      throw new Unsupported(
        `axis ${axis} of its input [${shape.map(String).join(", ")}] is not known`,
      );
    return size;
  }
  channels(id: NodeId): number {
    return this.dim(id, -1);
  }

  op<K extends Computed>(op: K, inputs: readonly NodeId[], ...attrs: AttrsOf<K>): NodeId {
    return this.builder.add(op, `${this.name}/${op}`, inputs, ...attrs);
  }
  /** The layer's parameter; `shape` is what the layer needs (null: as it is stored). */
  weight(name: string, shape: readonly number[] | null): NodeId {
    return this.weightOf(name, shape);
  }
  scalar(value: number): NodeId {
    return this.builder.scalar(value, `${this.name}/value`);
  }
  constant(values: readonly number[], shape: readonly number[] = [values.length]): NodeId {
    if (sizeOf(shape) !== values.length) throw new Unsupported("its constant has no regular shape");
    return this.builder.constant(
      { dtype: "float32", shape, data: Float32Array.from(values) },
      `${this.name}/constant`,
    );
  }
  reshape(x: NodeId, shape: Shape): NodeId {
    return same(this.shape(x), shape) ? x : this.op("reshape", [x], { shape });
  }
  transpose(x: NodeId, perm: readonly number[]): NodeId {
    return perm.every((axis, i) => axis === i) ? x : this.op("transpose", [x], { perm });
  }
  /** `[-1]` -> `[3]` for a tensor of rank 4; sorted. */
  axes(x: NodeId, axes: readonly number[]): number[] {
    const rank = this.rank(x);
    const found = axes.map((axis) => (axis < 0 ? axis + rank : axis));
    if (found.some((axis) => axis < 0 || axis >= rank))
      throw new Unsupported(`it refers to axis ${axes.join(", ")} of a tensor of rank ${rank}`);
    return found.sort((a, b) => a - b);
  }
}

const same = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((axis, i) => axis === b[i]);

/** Runs `body` with axis `axis` of `x` moved to the end, and moves it back. */
export function withLast(
  scope: Scope,
  x: NodeId,
  axis: number,
  body: (x: NodeId) => NodeId,
): NodeId {
  const rank = scope.rank(x);
  const order = Array.from({ length: rank }, (_, i) => i);
  const perm = [...order.filter((i) => i !== axis), axis];
  const back = order.map((i) => perm.indexOf(i));
  return scope.transpose(body(scope.transpose(x, perm)), back);
}

/** Channels-first layers compute in NHWC and give back NCHW: names and shapes stay those of the file. */
export function channelsLast(scope: Scope, body: (x: NodeId) => NodeId): NodeId {
  const first = scope.config.string("data_format", "channels_last") === "channels_first";
  return first ? withLast(scope, scope.x, 1, body) : body(scope.x);
}

/** Runs `body` on [N, H, W, C]; a sequence [N, L, C] becomes one row of a picture, and back. */
export function asImage(scope: Scope, x: NodeId, body: (x: NodeId) => NodeId): NodeId {
  const rank = scope.rank(x);
  if (rank === 4) return body(x);
  if (rank !== 3) throw new Unsupported(`it works on tensors of rank ${rank}`);
  const [batch, length, channels] = scope.shape(x);
  const out = body(scope.reshape(x, [batch ?? null, 1, length ?? null, channels ?? null]));
  const [n, , l, c] = scope.shape(out);
  return scope.reshape(out, [n ?? null, l ?? null, c ?? null]);
}

/** A setting for rows and columns, of a layer that may only have columns. */
export function spatial(
  scope: Scope,
  key: string,
  fallback: number,
  rank: number,
): [number, number] {
  const [first, second] = scope.config.pair(key, fallback);
  return rank === 3 ? [1, first] : [first, second];
}
