/** Operations that stand in a network as if they were layers: Keras 3 `Operation`s, TensorFlow's in Keras 2 (`TFOpLambda`). */
import { at } from "../../../base/at.ts";
import { text } from "../../json.ts";
import * as lower from "../../lower/index.ts";
import { axesOf, binary, isFree, number, range, type Reduction } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import { activate, isActivation } from "../activations.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";
import * as indexing from "./indexing.ts";
import * as merge from "./merging.ts";
import * as rearranging from "./rearranging.ts";
import { identity } from "./reshaping.ts";
import { resizing } from "./resizing.ts";

/** Those that need no more than their operands. */
const PLAIN = [...lower.operationsIn("keras")].map(
  ([name, { operands, run }]): [string, LayerSpec] => [
    name,
    { lower: (call) => run(call.l, ...(operands === 1 ? [call.x] : call.two())) },
  ],
);

/** Axes that a reduction is told; all of them when none are. */
function reducedAxes(call: LayerCall): number[] {
  const told = call.numbers(["axis", "reduction_indices"], 1) ?? range(call.rank);
  const axes = axesOf(told, call.rank);
  if (call.x.kind === "tensor" && axes.some((axis) => isFree(at(call.x.shape, axis))))
    throw new Unsupported("it reduces over the batch");
  return axes;
}
const keepsDims = (call: LayerCall): boolean => call.flag(["keepdims", "keep_dims"], 2);
const reduction = (how: Reduction): LayerSpec => ({
  lower: (call) => lower.reduce(call.l, how, call.x, reducedAxes(call), keepsDims(call)),
});
const variance = (root: boolean): LayerSpec => ({
  lower: (call) => {
    const keepDims = keepsDims(call);
    const mean = lower.variance(call.l, call.x, reducedAxes(call), { keepDims });
    return root ? lower.unary(call.l, "sqrt", mean) : mean;
  },
});
/** The place of the first largest, or smallest, cell of one axis. */
const extreme = (least: boolean): LayerSpec => ({
  lower: (call) => {
    const { l, x } = call;
    const axis = call.numbers(["axis", "dimension"], 1)?.[0];
    if (axis === undefined) throw new Unsupported("it looks through the whole tensor as one row");
    return lower.argMax(l, x, axis, { keepDims: keepsDims(call), least });
  },
});
const cumulative: LayerSpec = {
  lower: (call) => {
    const axis = call.number("axis", 0, 1);
    const how = { exclusive: call.flag("exclusive", 2), reverse: call.flag("reverse", 3) };
    return lower.cumSum(call.l, call.x, axis, how);
  },
};

const clip: LayerSpec = {
  lower: (call) => {
    const min = call.value(["x_min", "clip_value_min"], 1);
    const max = call.value(["x_max", "clip_value_max"], 2);
    return lower.clip(call.l, call.x, min, max);
  },
};
const cast: LayerSpec = {
  lower: (call) => {
    // TensorFlow's operations have a type among the settings of every layer, which says nothing
    const told = text(call.named()["dtype"] ?? call.setting("dtype", 1));
    if (told === null) return call.x;
    const dtype = /int/.test(told) ? "int32" : told === "bool" ? "bool" : "float32";
    return lower.cast(call.l, call.x, dtype);
  },
};
const where: LayerSpec = {
  lower: (call) => {
    const [condition, x1, x2] = call.operands();
    if (!condition || !x1 || !x2) throw new Unsupported("it lists the places that are true");
    return lower.select(call.l, condition, x1, x2);
  },
};
const matMul: LayerSpec = {
  lower: (call) => {
    const [a, b] = call.two();
    return lower.matMul(call.l, a, b, {
      transposeA: call.flag(["transpose_a", "adj_x"], 2),
      transposeB: call.flag(["transpose_b", "adj_y"], 3),
    });
  },
};
const einsum: LayerSpec = {
  lower: (call) => {
    const equation = text(call.setting(["subscripts", "equation"], 0));
    if (equation === null) throw new Unsupported("the file does not tell its equation");
    return lower.einsum(call.l, equation, call.operands());
  },
};
const stack: LayerSpec = {
  lower: (call) => lower.stack(call.l, call.operands(), call.number("axis", 0)),
};
const triangle = (upper: boolean): LayerSpec => ({
  lower: (call) => lower.triangle(call.l, call.x, call.number("k", 0, 1), upper),
});
const roll: LayerSpec = {
  lower: (call) => {
    const [shifts, axes] = [call.numbers("shift", 1), call.numbers("axis", 2)];
    if (!shifts || !axes) throw new Unsupported("it rolls the whole tensor as one row");
    return lower.roll(call.l, call.x, axes, shifts);
  },
};
const resize: LayerSpec = {
  lower: (call) => {
    const [height = 0, width = 0] = call.numbers("size", 1) ?? [];
    const interpolation = text(call.setting(["interpolation", "method"], 2)) ?? "bilinear";
    if (call.flag("preserve_aspect_ratio", 3)) throw new Unsupported("it keeps the aspect ratio");
    const antialias = call.flag("antialias", 4);
    return resizing.lower(call.with({ height, width, interpolation, antialias }));
  },
};
/** x / |x| over some axes; `leastOf` tells the least |x| by the setting `epsilon`. */
const normalized = (leastOf: (epsilon?: number) => number): LayerSpec => ({
  lower: (call) => {
    const order = call.number("order", 2);
    const norm = NORMS[order];
    if (!norm) throw new Unsupported(`it is a norm of order ${order}`);
    const length = lower.reduce(call.l, norm, call.x, reducedAxes(call), true);
    const least = number(leastOf(call.numbers("epsilon")?.[0]));
    return binary(call.l, "div", call.x, binary(call.l, "maximum", length, least));
  },
});
const NORMS: Readonly<Record<number, Reduction>> = { 1: "l1", 2: "l2" };
/** To so many decimals. */
const rounded: LayerSpec = {
  lower: (call) => {
    const places = number(10 ** call.number("decimals", 0, 1));
    const whole = lower.unary(call.l, "round", binary(call.l, "mul", call.x, places));
    return places.data[0] === 1 ? whole : binary(call.l, "div", whole, places);
  },
};
/** `average` without weights. */
const mean: LayerSpec = {
  lower: (call) => {
    if (call.value("weights", 2)) throw new Unsupported("its cells have weights");
    return lower.reduce(call.l, "mean", call.x, reducedAxes(call), false);
  },
};
const filled = (names: readonly string[]): LayerSpec =>
  rearranging.filledLike((call) => call.value(names, 1) ?? number(1));

const OPERATIONS: ReadonlyMap<string, LayerSpec> = new Map<string, LayerSpec>([
  ...PLAIN,
  ...[...lower.reductionsIn("keras")].map(([name, how]) => [name, reduction(how)] as const),
  ...Object.entries({
    ...{ bias_add: merge.add },
    ...{ var: variance(false), std: variance(true), reduce_variance: variance(false) },
    ...{ reduce_std: variance(true), argmax: extreme(false), argmin: extreme(true) },
    ...{ cumsum: cumulative, clip, clip_by_value: clip, cast, where, where_v2: where },
    ...{ matmul: matMul, einsum, stack, unstack: indexing.unstack, pack: stack },
    ...{ tril: triangle(false), triu: triangle(true), roll, flip: indexing.flip },
    ...{ reverse: indexing.flip, take: indexing.take, gather: indexing.take },
    ...{ one_hot: indexing.oneHot, split: indexing.split, get_item: indexing.getItem },
    ...{ getitem: indexing.getItem, concat: merge.concatenate, concatenate: merge.concatenate },
    ...{ reshape: rearranging.reshape, transpose: rearranging.transpose, pad: rearranging.pad },
    ...{ expand_dims: rearranging.expandDims, squeeze: rearranging.squeeze },
    ...{ swapaxes: rearranging.swapAxes, moveaxis: rearranging.moveAxis },
    ...{ tile: rearranging.tile, repeat: rearranging.repeat, shape: rearranging.shape },
    ...{ broadcast_to: rearranging.broadcastTo, round: rounded, average: mean },
    // TensorFlow limits the square of the length, Keras the length
    ...{ l2_normalize: normalized((epsilon = 1e-12) => Math.sqrt(epsilon)) },
    ...{ normalize: normalized((epsilon = 1e-7) => epsilon) },
    ...{ ones_like: filled([]), full_like: filled(["fill_value"]), resize },
    ...{ stop_gradient: identity, identity, convert_to_tensor: identity },
  }),
]);

/** TensorFlow's, in files of Keras 2. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["real_div", "divide"],
  ["floor_div", "floor_divide"],
]);

/** Finds an operation by Keras 3's class (in snake case) or TensorFlow's symbol (`math.add`, `__operators__.getitem`). */
export function operation(symbol: string): LayerSpec | undefined {
  const bare = symbol.slice(symbol.lastIndexOf(".") + 1);
  const name = OTHER_NAMES.get(bare) ?? bare;
  if (!isActivation(name)) return OPERATIONS.get(name);
  return {
    lower: (call) => {
      const out = activate(call, name, call.x, call.config.with(call.named()));
      return { outputs: [out], before: call.x };
    },
  };
}
