/** Operations that give a tensor another shape: their settings name the batch axis too. */
import { at } from "../../../base/at.ts";
import { sizeOf } from "../../../base/tensor.ts";
import { text } from "../../json.ts";
import * as lower from "../../lower/index.ts";
import { axisOf, ints, isFree, range, type Value } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";

/** A target shape that names the batch too; a number in its place is the batch that the file was made with. */
export const reshape: LayerSpec = {
  lower: (call) => {
    const { l, x } = call;
    const target = call.numbers(["newshape", "target_shape", "shape"], 1);
    if (!target) throw new Unsupported("the file does not tell its target shape");
    const [batch, ...cells] = x.shape;
    const [first, ...rest] = target;
    const fixed = batch !== undefined && isFree(batch) && first !== undefined && first > 0;
    const same = fixed && (rest.includes(-1) || sizeOf(rest) === sizeOf(cells));
    return lower.reshape(l, x, same && !isFree(first) ? [batch, ...rest] : target);
  },
};

/** `transpose` by `axes` (Keras) or `perm` (TensorFlow); the axes backwards when left out. */
export const transpose: LayerSpec = {
  lower: (call) => {
    const perm = call.numbers(["axes", "perm"], 1) ?? range(call.rank).reverse();
    return lower.transpose(call.l, call.x, lower.axesInOrder(perm, call.rank));
  },
};

/** `expand_dims`: axes of length 1 at `axis`, places in the result; 0 when left out. */
export const expandDims: LayerSpec = {
  lower: (call) => lower.unsqueeze(call.l, call.x, call.numbers(["axis", "dim"], 1) ?? [0]),
};
/** `squeeze`: without the axes `axis`, all of length 1; without every such axis when left out. */
export const squeeze: LayerSpec = {
  lower: (call) => lower.squeeze(call.l, call.x, call.numbers(["axis", "squeeze_dims"], 1)),
};

/** Axes `a` and `b` change places. */
export const swapAxes: LayerSpec = {
  lower: (call) => {
    const [a, b] = [axisSetting(call, "axis1", 1), axisSetting(call, "axis2", 2)];
    const perm = range(call.rank).map((axis) => (axis === a ? b : axis === b ? a : axis));
    return lower.transpose(call.l, call.x, perm);
  },
};
const axisSetting = (call: LayerCall, name: string, position: number): number =>
  axisOf(at(call.numbers(name, position) ?? [], 0), call.rank);

/** `moveaxis`: axes `source` go to the places `destination`, the others keep their order. */
export const moveAxis: LayerSpec = {
  lower: (call) => {
    const [from, to] = ["source", "destination"].map((name, i) =>
      lower.axesInOrder(call.numbers(name, i + 1) ?? [], call.rank),
    );
    const rest = range(call.rank).filter((axis) => !from?.includes(axis));
    const perm = range(call.rank).map((axis) => {
      const place = to?.indexOf(axis) ?? -1;
      return place >= 0 && from ? at(from, place) : at(rest.splice(0, 1), 0);
    });
    return lower.transpose(call.l, call.x, perm);
  },
};

const MODES: ReadonlyMap<string, lower.PadMode> = new Map([
  ["constant", "constant"],
  ["reflect", "reflect"],
  ["symmetric", "symmetric"],
  ["edge", "edge"],
  ["wrap", "wrap"],
]);
/**
 * `pad` by `pad_width` (Keras) or `paddings` (TensorFlow), one pair for each axis or for all.
 * Throws `Unsupported` for modes that are not `PadMode`s.
 */
export const pad: LayerSpec = {
  lower: (call) => {
    const told = call.numbers(["pad_width", "paddings"], 1);
    const mode = MODES.get((text(call.setting("mode", 2)) ?? "constant").toLowerCase());
    const value = call.number("constant_values", 0, 3);
    if (!told || !mode || ![1, 2, 2 * call.rank].includes(told.length))
      throw new Unsupported("its padding is not understood");
    // one pair, or one number, is for all axes
    const side = (i: number): number[] =>
      range(call.rank).map((axis) => at(told, (2 * axis + i) % told.length));
    return lower.pad(call.l, call.x, side(0), side(1), mode, value);
  },
};

/** The whole tensor so many times along each axis. */
export const tile: LayerSpec = {
  lower: (call) => {
    const times = call.numbers(["repeats", "multiples"], 1) ?? [];
    const all = [...range(call.rank - times.length).map(() => 1), ...times];
    return lower.tile(call.l, call.x, all);
  },
};
/** Each cell of one axis so many times. */
export const repeat: LayerSpec = {
  lower: (call) => {
    const { l, x } = call;
    const [times, ...others] = call.numbers("repeats", 1) ?? [];
    const axis = axisSetting(call, "axis", 2);
    if (times === undefined || others.length > 0)
      throw new Unsupported("it repeats each cell another number of times");
    const apart = lower.unsqueeze(l, x, [axis + 1]);
    const tiled = lower.tile(l, apart, apart.shape.map((_, i) => (i === axis + 1 ? times : 1))); // prettier-ignore
    return lower.reshape(l, tiled, x.shape.map((size, i) => (i === axis ? size * times : size))); // prettier-ignore
  },
};
/** `broadcast_to`: repeated to `shape`, which counts the batch too. */
export const broadcastTo: LayerSpec = {
  lower: (call) => lower.expand(call.l, call.x, call.numbers("shape", 1) ?? []),
};

/** Sizes stay out of the network. */
export const shape: LayerSpec = { lower: ({ x }) => ints(x.shape) };

/** One number in the shape of another tensor. */
export const filledLike = (value: (call: LayerCall) => Value): LayerSpec => ({
  lower: (call) => {
    const { l, x } = call;
    const order = lower.orderOf(x);
    const node = l.op("broadcastLike", [l.node(lower.cast(l, value(call), l.dtype(x))), l.node(x, order)]); // prettier-ignore
    return l.tensor(node, order);
  },
});
