import { at } from "../../base/at.ts";
import type { NodeId } from "../../graph/index.ts";
import { attr } from "../native/attributes.ts";
import type { Backward } from "./compose.ts";
import type { Family } from "./types.ts";

const int32 = { Tidx: attr.type("int32") };
const minusOne = (size: number | null): number => size ?? -1;

/** The slice of `dy` that a concatenation took from its input `index`. */
function part(g: Backward<"concat">, inputs: readonly NodeId[], index: number): NodeId {
  const { axis } = g.attrs;
  const start = inputs.slice(0, index).reduce((sum, id) => sum + g.dim(id, axis), 0);
  const own = at(inputs, index);
  return g.op("slice", [g.dy], {
    begin: g.shape(own).map((_, i) => (i === axis ? start : 0)),
    size: g.shape(own),
  });
}

function unslice(g: Backward<"slice">, x: NodeId): NodeId {
  const paddings = g.shape(x).map((whole, axis): [number, number] => {
    const begin = at(g.attrs.begin, axis);
    const size = g.attrs.size[axis] ?? null;
    if (size === null) return [begin, 0];
    return [begin, (whole ?? 0) - begin - size];
  });
  return g.op("pad", [g.dy], { paddings, value: 0 });
}

/** Adds what mirroring repeated back to its source, one axis after the other. */
function unmirror(g: Backward<"mirrorPad">, x: NodeId): NodeId {
  const edge = g.attrs.mode === "reflect" ? 1 : 0;
  return g.attrs.paddings.reduce((dy, [before, after], axis) => {
    if (before === 0 && after === 0) return dy;
    const size = g.dim(x, axis);
    const part = (start: number, length: number): NodeId =>
      g.op("slice", [dy], {
        begin: g.shape(dy).map((_, i) => (i === axis ? start : 0)),
        size: g.shape(dy).map((whole, i) => (i === axis ? length : whole)),
      });
    const folded = (start: number, length: number, to: number): NodeId =>
      g.op("pad", [g.op("reverse", [part(start, length)], { axes: [axis] })], {
        paddings: g.shape(dy).map((_, i) => (i === axis ? [to, size - length - to] : [0, 0])),
        value: 0,
      });
    const front = folded(0, before, edge);
    const back = folded(before + size, after, size - after - edge);
    return g.add(part(before, size), g.add(front, back));
  }, g.dy);
}

function untile(g: Backward<"tile">, x: NodeId): NodeId {
  const { multiples } = g.attrs;
  const split = g.shape(x).flatMap((size, axis) => [at(multiples, axis), size]);
  // the free axis stays in front where nothing repeats it
  const lead = multiples[0] === 1 ? split.slice(1) : split;
  const offset = split.length - lead.length;
  const axes = multiples.flatMap((_, axis) => (axis * 2 - offset < 0 ? [] : [axis * 2 - offset]));
  return g.sum(g.reshape(g.dy, lead), axes);
}

/**
 * Rules of operations that move cells: gradients bring `dy` back to where they came from, summed
 * where one was repeated; there is none where a free batch was cut or repeated.
 */
export const layout = {
  reshape: {
    gradient: (g, x) => [() => g.reshape(g.dy, g.shape(x))],
    tensorflow: (w, node, x) =>
      w.node("Reshape", [x.name, w.ints(node.attrs.shape.map(minusOne))], {
        T: attr.type(node.dtype),
        Tshape: attr.type("int32"),
      }),
    wasm: (k, node, x) => k.run("Reshape", { x }, { shape: node.attrs.shape.map(minusOne) }),
  },
  transpose: {
    gradient: (g) => {
      const { perm } = g.attrs;
      return [() => g.op("transpose", [g.dy], { perm: perm.map((_, i) => perm.indexOf(i)) })];
    },
    tensorflow: (w, node, x) =>
      w.node("Transpose", [x.name, w.ints(node.attrs.perm)], {
        T: attr.type(node.dtype),
        Tperm: attr.type("int32"),
      }),
    wasm: (k, node, x) => k.run("Transpose", { x }, { perm: node.attrs.perm }),
  },
  concat: {
    gradient: (g, ...inputs) => inputs.map((_, index) => () => part(g, inputs, index)),
    tensorflow: (w, node, ...inputs) =>
      inputs.length === 1
        ? w.node("Identity", [at(inputs, 0).name], { T: attr.type(node.dtype) })
        : w.node("ConcatV2", [...inputs.map(({ name }) => name), w.int(node.attrs.axis)], {
            T: attr.type(node.dtype),
            N: attr.int(inputs.length),
            ...int32,
          }),
    wasm: (k, node, ...inputs) =>
      k.run("Concat", Object.fromEntries(inputs.entries()), { axis: node.attrs.axis }),
  },
  slice: {
    // how much of a free axis was left out is not known
    gradient: (g, x) => [
      g.shape(x)[0] === null && typeof g.attrs.size[0] === "number" ? "none" : () => unslice(g, x),
    ],
    tensorflow: (w, { attrs, dtype }, x) =>
      w.node("Slice", [x.name, w.ints(attrs.begin), w.ints(attrs.size.map(minusOne))], {
        T: attr.type(dtype),
        Index: attr.type("int32"),
      }),
    wasm: (k, { attrs }, x) =>
      k.run("Slice", { x }, { begin: attrs.begin, size: attrs.size.map(minusOne) }),
  },
  pad: {
    gradient: (g, x) => [
      () =>
        g.op("slice", [g.dy], {
          begin: g.attrs.paddings.map(([before]) => before),
          size: g.shape(x),
        }),
    ],
    tensorflow: (w, { attrs, dtype }, x) =>
      w.node(
        "PadV2",
        [
          x.name,
          w.ints(attrs.paddings.flat(), [attrs.paddings.length, 2]),
          w.scalar(attrs.value, dtype),
        ],
        { T: attr.type(dtype), Tpaddings: attr.type("int32") },
      ),
    wasm: (k, { attrs }, x) =>
      k.run("PadV2", { x }, { paddings: attrs.paddings, constantValue: attrs.value }),
  },
  mirrorPad: {
    gradient: (g, x) => [() => unmirror(g, x)],
    tensorflow: (w, { attrs, dtype }, x) =>
      w.node("MirrorPad", [x.name, w.ints(attrs.paddings.flat(), [attrs.paddings.length, 2])], {
        T: attr.type(dtype),
        Tpaddings: attr.type("int32"),
        mode: attr.string(attrs.mode.toUpperCase()),
      }),
    wasm: (k, { attrs }, x) =>
      k.run("MirrorPad", { x }, { paddings: attrs.paddings, mode: attrs.mode }),
  },
  reverse: {
    gradient: (g) => [() => g.op("reverse", [g.dy], g.attrs)],
    tensorflow: (w, { attrs, dtype }, x) =>
      w.node("ReverseV2", [x.name, w.ints(attrs.axes)], { T: attr.type(dtype), ...int32 }),
    wasm: (k, { attrs }, x) => k.run("Reverse", { x }, { dims: attrs.axes }),
  },
  tile: {
    gradient: (g, x) => [
      g.shape(x)[0] === null && g.attrs.multiples[0] !== 1 ? "none" : () => untile(g, x),
    ],
    tensorflow: (w, { attrs, dtype }, x) =>
      w.node("Tile", [x.name, w.ints(attrs.multiples)], {
        T: attr.type(dtype),
        Tmultiples: attr.type("int32"),
      }),
    wasm: (k, { attrs }, x) => k.run("Tile", { x }, { reps: attrs.multiples }),
  },
  broadcastLike: {
    gradient: (g, x) => [() => g.unbroadcast(g.dy, x), "zero"],
    tensorflow: (w, node, x, like) =>
      w.node("BroadcastTo", [x.name, w.shapeOf(like)], { T: attr.type(node.dtype), ...int32 }),
    wasm: (k, node, ...inputs) => k.defined(node, inputs),
  },
  oneHot: {
    gradient: () => ["zero"],
    tensorflow: (w, { attrs }, x) =>
      w.node("OneHot", [x.name, w.int(attrs.depth), w.float(1), w.float(0)], {
        T: attr.type("float32"),
        TI: attr.type(x.dtype),
      }),
    wasm: (k, node, ...inputs) => k.defined(node, inputs),
  },
} satisfies Family;
