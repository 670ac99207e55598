import type { NodeId, NodeOf } from "../../graph/index.ts";
import { attr } from "../native/attributes.ts";
import type { TensorFlowWriter } from "../native/writer.ts";
import type { Kernels, Tensor } from "../wasm/kernels.ts";
import type { Backward } from "./compose.ts";
import type { Operand } from "../native/operand.ts";
import type { Family } from "./types.ts";

type Reduction = "sum" | "mean" | "max" | "min";

const tensorflow =
  (op: string) =>
  (w: TensorFlowWriter, node: NodeOf<Reduction>, x: Operand): string =>
    w.node(op, [x.name, w.ints(node.attrs.axes)], {
      T: attr.type(node.dtype),
      Tidx: attr.type("int32"),
      keep_dims: attr.bool(node.attrs.keepDims),
    });
const wasm =
  (kernel: string, axes: string) =>
  (k: Kernels, { attrs }: NodeOf<Reduction>, x: Tensor): Tensor =>
    attrs.axes.length === 0
      ? k.same(x)
      : k.run(kernel, { x }, { [axes]: attrs.axes, keepDims: attrs.keepDims });

/** `value` (of the output's shape) with the reduced axes back as ones. */
function kept(g: Backward<Reduction>, value: NodeId, x: NodeId): NodeId {
  if (g.attrs.keepDims) return value;
  const shape = g.shape(x).map((size, axis) => (g.attrs.axes.includes(axis) ? 1 : size));
  return g.reshape(value, shape);
}

/** `dy` for every cell of `x` over the number of cells in a mean; a free batch axis is counted when it runs. */
function meanSlope(g: Backward<Reduction>, x: NodeId): NodeId {
  const sizes = g.attrs.axes.map((axis) => g.shape(x)[axis] ?? null);
  const known = sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
  const each = g.op("broadcastLike", [g.times(kept(g, g.dy, x), 1 / known), x]);
  if (!sizes.includes(null)) return each;
  const rank = g.shape(x).length;
  const one = g.op("slice", [x], {
    begin: Array.from({ length: rank }, () => 0),
    size: Array.from({ length: rank }, (_, axis) => (axis === 0 ? null : 1)),
  });
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return g.op("div", [each, g.sum(g.op("broadcastLike", [g.scalar(1), one]), axes)]);
}

/** Cells that tie for the extreme share its gradient. */
function extremeSlope(g: Backward<Reduction>, x: NodeId): NodeId {
  const ties = g.op("cast", [g.op("equal", [x, kept(g, g.y, x)])], { dtype: "float32" });
  const share = g.op("div", [kept(g, g.dy, x), g.sum(ties, g.attrs.axes, true)]);
  return g.mul(ties, share);
}
/**
 * Rules of reductions, of the index of the maximum (it passes back zero) and of the running sum.
 * Cells that tie for a maximum or minimum share its gradient equally.
 */
export const reduction = {
  sum: {
    gradient: (g, x) => [() => g.op("broadcastLike", [kept(g, g.dy, x), x])],
    tensorflow: tensorflow("Sum"),
    wasm: wasm("Sum", "axis"),
  },
  mean: {
    gradient: (g, x) => [() => meanSlope(g, x)],
    tensorflow: tensorflow("Mean"),
    wasm: wasm("Mean", "axis"),
  },
  max: {
    gradient: (g, x) => [() => extremeSlope(g, x)],
    tensorflow: tensorflow("Max"),
    wasm: wasm("Max", "reductionIndices"),
  },
  min: {
    gradient: (g, x) => [() => extremeSlope(g, x)],
    tensorflow: tensorflow("Min"),
    wasm: wasm("Min", "axis"),
  },
  argMax: {
    gradient: () => ["zero"],
    tensorflow: (w, { attrs }, x) =>
      w.node("ArgMax", [x.name, w.int(attrs.axis)], {
        T: attr.type(x.dtype),
        Tidx: attr.type("int32"),
        output_type: attr.type("int32"),
      }),
    wasm: (k, { attrs }, x) => k.run("ArgMax", { x }, { axis: attrs.axis }),
  },
  cumSum: {
    gradient: (g) => [() => g.op("cumSum", [g.dy], { ...g.attrs, reverse: !g.attrs.reverse })],
    tensorflow: (w, { attrs, dtype }, x) =>
      w.node("Cumsum", [x.name, w.int(attrs.axis)], {
        T: attr.type(dtype),
        Tidx: attr.type("int32"),
        exclusive: attr.bool(attrs.exclusive),
        reverse: attr.bool(attrs.reverse),
      }),
    wasm: (k, { attrs }, x) => k.run("Cumsum", { x }, { ...attrs }),
  },
} satisfies Family;
