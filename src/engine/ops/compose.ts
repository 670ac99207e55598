import type { AttrsOf, GraphBuilder, Made, NodeId, NodeOf, OpAttrs } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";

/** Short hand for writing formulas as nodes of a graph; every node made is named after `hint`. */
export class Composer {
  constructor(
    readonly builder: GraphBuilder,
    private readonly hint: string,
  ) {}

  op<K extends Made>(op: K, inputs: readonly NodeId[], ...attrs: AttrsOf<K>): NodeId {
    return this.builder.add(op, this.hint, inputs, ...attrs);
  }
  shape(id: NodeId): Shape {
    return this.builder.shape(id);
  }
  /** The length of a known axis. */
  dim(id: NodeId, axis: number): number {
    const size = this.shape(id)[axis];
    if (typeof size !== "number") throw new RangeError(`axis ${axis} of '${id}' must be known`);
    return size;
  }
  scalar(value: number): NodeId {
    return this.builder.scalar(value, `${this.hint}/scalar`);
  }
  floats(shape: readonly number[], data: Float32Array): NodeId {
    return this.builder.constant({ dtype: "float32", shape, data }, `${this.hint}/values`);
  }
  add(a: NodeId, b: NodeId): NodeId {
    return this.op("add", [a, b]);
  }
  sub(a: NodeId, b: NodeId): NodeId {
    return this.op("sub", [a, b]);
  }
  mul(a: NodeId, b: NodeId): NodeId {
    return this.op("mul", [a, b]);
  }
  neg(a: NodeId): NodeId {
    return this.op("neg", [a]);
  }
  times(a: NodeId, factor: number): NodeId {
    return this.mul(a, this.scalar(factor));
  }
  /** `a` where `condition`, else zero; unlike a product it keeps infinities out. */
  where(condition: NodeId, a: NodeId): NodeId {
    return this.op("select", [condition, a, this.scalar(0)]);
  }
  reshape(a: NodeId, shape: Shape): NodeId {
    return this.op("reshape", [a], { shape });
  }
  sum(a: NodeId, axes: readonly number[], keepDims = false): NodeId {
    return axes.length === 0 ? a : this.op("sum", [a], { axes, keepDims });
  }
}

/** What a lowering works with. */
export class Replacement extends Composer {
  /** `alone`: whether the node that is replaced is the only one to need a value. */
  constructor(
    builder: GraphBuilder,
    hint: string,
    readonly alone: (id: NodeId) => boolean,
  ) {
    super(builder, hint);
  }
}

/** What a gradient rule works with: the node, and the gradient `dy` of its output. */
export class Backward<K extends Made> extends Composer {
  constructor(
    builder: GraphBuilder,
    readonly node: NodeOf<K>,
    readonly dy: NodeId,
  ) {
    super(builder, `grad/${node.id}`);
  }
  get attrs(): OpAttrs[K] {
    return this.node.attrs;
  }
  /** The output of the node. */
  get y(): NodeId {
    return this.node.id;
  }

  /** Undoes NumPy broadcasting: sums `gradient` down to the shape of `like`. */
  unbroadcast(gradient: NodeId, like: NodeId): NodeId {
    const from = this.shape(gradient);
    const to = this.shape(like);
    const lead = from.length - to.length;
    const summed = this.sum(
      gradient,
      Array.from({ length: lead }, (_, axis) => axis),
    );
    const stretched = to.flatMap((size, axis) =>
      size === 1 && from[axis + lead] !== 1 ? [axis] : [],
    );
    return this.sum(summed, stretched, true);
  }
}
