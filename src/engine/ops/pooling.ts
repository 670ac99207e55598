import { at } from "../../base/at.ts";
import { slide, type NodeId, type NodeOf, type Pair, type PoolAttrs } from "../../graph/index.ts";
import { attr, type Attr } from "../native/attributes.ts";
import type { Composer } from "./compose.ts";
import type { Family } from "./types.ts";

type Explicit = readonly [number, number, number, number];

function geometry(attrs: PoolAttrs): Record<string, Attr> {
  const { window, strides, padding } = attrs;
  return {
    T: attr.type("float32"),
    ksize: attr.ints([1, ...window, 1]),
    strides: attr.ints([1, ...strides, 1]),
    padding: attr.string(typeof padding === "string" ? padding.toUpperCase() : "EXPLICIT"),
  };
}
const wasmAttrs = ({ window, strides, padding }: PoolAttrs): Record<string, unknown> => ({
  filterSize: window,
  strides,
  pad: padding,
});

/** The explicit padding of a pool, or null where the engines know the scheme themselves. */
const explicit = ({ padding }: PoolAttrs): Explicit | null =>
  typeof padding === "string" ? null : padding;
const unpadded = ({ window, strides }: PoolAttrs): PoolAttrs => ({
  window,
  strides,
  padding: "valid",
});
const padded = (c: Composer, x: NodeId, [top, bottom, left, right]: Explicit, value: number) =>
  c.op("pad", [x], {
    paddings: [[0, 0], [top, bottom], [left, right], [0, 0]], // prettier-ignore
    value,
  });
const cropped = (c: Composer, x: NodeId, pad: Explicit, [h, w, channels]: readonly number[]) =>
  c.op("slice", [x], {
    begin: [0, pad[0], pad[2], 0],
    size: [null, h ?? null, w ?? null, channels ?? null],
  });

/** Window size over the number of cells of the picture in it, [1, oh, ow, 1]: turns a mean over padding into the true one. */
function correction(c: Composer, size: Pair, attrs: PoolAttrs): NodeId {
  const axes = slide(size, attrs.window, attrs.strides, [1, 1], attrs.padding);
  const counts = axes.map(({ out, before }, axis) =>
    Array.from({ length: out }, (_, i) => {
      const start = i * at(attrs.strides, axis) - before;
      const end = Math.min(start + at(attrs.window, axis), at(size, axis));
      return end - Math.max(0, start);
    }),
  );
  const area = attrs.window[0] * attrs.window[1];
  const [rows = [], columns = []] = counts;
  const factors = rows.flatMap((row) => columns.map((column) => area / (row * column)));
  return c.floats([1, rows.length, columns.length, 1], Float32Array.from(factors));
}

const imageSize = (c: Composer, x: NodeId): [number, number, number] => [
  c.dim(x, 1),
  c.dim(x, 2),
  c.dim(x, 3),
];
const grown = ([h, w, channels]: readonly [number, number, number], pad: Explicit) =>
  [h + pad[0] + pad[1], w + pad[2] + pad[3], channels] as const;
const inputs = (node: NodeOf<"maxPoolGrad">): [NodeId, NodeId, NodeId] =>
  node.inputs as [NodeId, NodeId, NodeId];
const first = (node: { readonly inputs: readonly NodeId[] }): NodeId => at(node.inputs, 0);

/**
 * Rules of pooling. The engines know `same` and `valid` padding; explicit padding is lowered to a
 * `pad` before, and means are corrected so that it does not count.
 */
export const pooling = {
  maxPool: {
    gradient: (g, x) => [() => g.op("maxPoolGrad", [x, g.y, g.dy], g.attrs)],
    lower: (c, node) => {
      const pad = explicit(node.attrs);
      return pad && c.op("maxPool", [padded(c, first(node), pad, -Infinity)], unpadded(node.attrs));
    },
    tensorflow: (w, node, x) => w.node("MaxPool", [x.name], geometry(node.attrs)),
    wasm: (k, node, x) => k.run("MaxPool", { x }, wasmAttrs(node.attrs)),
  },
  avgPool: {
    gradient: (g, x) => [
      () => g.op("avgPoolGrad", [g.dy], { ...g.attrs, inputSize: imageSize(g, x) }),
    ],
    lower: (c, node) => {
      const pad = explicit(node.attrs);
      if (!pad) return null;
      const [h, w] = imageSize(c, first(node));
      const mean = c.op("avgPool", [padded(c, first(node), pad, 0)], unpadded(node.attrs));
      return c.mul(mean, correction(c, [h, w], node.attrs));
    },
    tensorflow: (w, node, x) => w.node("AvgPool", [x.name], geometry(node.attrs)),
    wasm: (k, node, x) => k.run("AvgPool", { x }, wasmAttrs(node.attrs)),
  },
  maxPoolGrad: {
    gradient: () => ["zero", "zero", "none"],
    lower: (c, node, engine) => {
      const pad = explicit(node.attrs);
      if (!pad || engine === "wasm") return null;
      const [x, y, dy] = inputs(node);
      const whole = c.op(
        "maxPoolGrad",
        [padded(c, x, pad, -Infinity), y, dy],
        unpadded(node.attrs),
      );
      return cropped(c, whole, pad, imageSize(c, x));
    },
    tensorflow: (w, node, x, y, dy) =>
      w.node("MaxPoolGrad", [x.name, y.name, dy.name], geometry(node.attrs)),
    wasm: (k, node, ...inputs) => k.defined(node, inputs),
  },
  avgPoolGrad: {
    gradient: (g) => {
      const { window, strides, padding } = g.attrs;
      return [() => g.op("avgPool", [g.dy], { window, strides, padding })];
    },
    lower: (c, node, engine) => {
      const pad = explicit(node.attrs);
      if (!pad || engine === "wasm") return null;
      const [h, w] = node.attrs.inputSize;
      const scaled = c.mul(first(node), correction(c, [h, w], node.attrs));
      const whole = c.op("avgPoolGrad", [scaled], {
        ...unpadded(node.attrs),
        inputSize: grown(node.attrs.inputSize, pad),
      });
      return cropped(c, whole, pad, node.attrs.inputSize);
    },
    tensorflow: (w, node, dy) =>
      w.node("AvgPoolGrad", [w.sizeLike(dy, node.attrs.inputSize), dy.name], geometry(node.attrs)),
    wasm: (k, node, ...inputs) => k.defined(node, inputs),
  },
} satisfies Family;
