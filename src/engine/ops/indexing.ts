import { at } from "../../base/at.ts";
import type { NodeId } from "../../graph/index.ts";
import { attr } from "../native/attributes.ts";
import type { Backward } from "./compose.ts";
import type { Family } from "./types.ts";

const known = (sizes: readonly (number | null)[]): number | null =>
  sizes.reduce<number | null>((n, size) => (n === null || size === null ? null : n * size), 1);

/** Each cell of `dy` back in its place, and zeros in the places that were left out. */
function unstride(g: Backward<"stridedSlice">, x: NodeId): NodeId {
  const { begin, strides } = g.attrs;
  const whole = g.shape(x);
  return strides.reduce((dy, stride, axis) => {
    const shape = g.shape(dy);
    const [cells, size] = [shape[axis] ?? null, whole[axis] ?? null];
    if (cells === null || size === null || (cells === size && stride === 1)) return dy;
    const rows = known(shape.slice(0, axis + 1));
    const inner = known(shape.slice(axis + 1));
    const apart = g.op("pad", [g.reshape(dy, [rows, 1, inner])], {
      paddings: [[0, 0], [0, stride - 1], [0, 0]], // prettier-ignore
      value: 0,
    });
    const sized = (n: number) => shape.map((old, i) => (i === axis ? n : old));
    const spaced = g.reshape(apart, sized(cells * stride));
    const room = size - at(begin, axis);
    const fitting = Math.min(cells * stride, room);
    const cut =
      fitting === cells * stride
        ? spaced
        : g.op("slice", [spaced], { begin: shape.map(() => 0), size: sized(fitting) });
    return g.op("pad", [cut], {
      paddings: shape.map((_, i) => (i === axis ? [at(begin, i), room - fitting] : [0, 0])),
      value: 0,
    });
  }, g.dy);
}

/** Sums what each cell of `x` gave: a product with the one-hot matrix of the indices. */
function ungather(g: Backward<"gather">, x: NodeId, indices: NodeId): NodeId {
  const { axis } = g.attrs;
  const [shape, picked] = [g.shape(x), g.shape(indices)];
  const cells = known(picked);
  const depth = g.dim(x, axis);
  const places = g.op("oneHot", [g.reshape(indices, [cells])], { depth });
  const lead = shape.filter((_, i) => i !== axis);
  const flat = g.reshape(g.dy, [...shape.slice(0, axis), cells, ...shape.slice(axis + 1)]);
  const others = shape.flatMap((_, i) => (i === axis ? [] : [i]));
  const last = g.op("transpose", [flat], { perm: [...others, axis] });
  const product = g.op("matMul", [g.reshape(last, [known(lead), cells]), places], {
    transposeA: false,
    transposeB: false,
  });
  const back = shape.map((_, i) => (i === axis ? shape.length - 1 : others.indexOf(i)));
  return g.op("transpose", [g.reshape(product, [...lead, depth])], { perm: back });
}

/**
 * Rules of `gather` and `stridedSlice`: gradients bring `dy` back to the cells that were taken;
 * there is none where pictures of a free batch were left out.
 */
export const indexing = {
  gather: {
    // how many pictures of a free batch were left out is not known
    gradient: (g, x, indices) => [
      g.attrs.axis === 0 && g.shape(x)[0] === null ? "none" : () => ungather(g, x, indices),
      "zero",
    ],
    tensorflow: (w, { attrs, dtype }, x, indices) =>
      w.node("GatherV2", [x.name, indices.name, w.int(attrs.axis)], {
        Tparams: attr.type(dtype),
        Tindices: attr.type("int32"),
        Taxis: attr.type("int32"),
      }),
    wasm: (k, { attrs }, x, indices) =>
      k.run("GatherV2", { x, indices }, { axis: attrs.axis, batchDims: 0 }),
  },
  stridedSlice: {
    gradient: (g, x) => [
      g.shape(x)[0] === null && (g.attrs.size[0] !== null || g.attrs.strides[0] !== 1)
        ? "none"
        : () => unstride(g, x),
    ],
    tensorflow: (w, node, x) => {
      const { begin, end, strides, endMask } = ends(node.attrs);
      return w.node("StridedSlice", [x.name, w.ints(begin), w.ints(end), w.ints(strides)], {
        T: attr.type(node.dtype),
        Index: attr.type("int32"),
        end_mask: attr.int(endMask),
      });
    },
    wasm: (k, { attrs, dtype }, x) => {
      const masks = { beginMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
      const part = (from: typeof x): typeof x =>
        k.run("StridedSlice", { x: from }, { ...ends(attrs), ...masks });
      if (dtype === "float32") return part(x);
      // the kernel takes all numbers for float32
      const parted = part(k.run("Cast", { x }, { dtype: "float32" }));
      return k.run("Cast", { x: parted }, { dtype });
    },
  },
} satisfies Family;

/** Where each axis ends; a bit of the mask says that it is at the end of the tensor. */
function ends(attrs: {
  readonly begin: readonly number[];
  readonly size: readonly (number | null)[];
  readonly strides: readonly number[];
}) {
  const { begin, size, strides } = attrs;
  const end = size.map((cells, axis) =>
    cells === null ? 0 : at(begin, axis) + (cells - 1) * at(strides, axis) + 1,
  );
  const endMask = size.reduce<number>(
    (mask, n, axis) => (n === null ? mask | (1 << axis) : mask),
    0,
  );
  return { begin, end, strides, endMask };
}
