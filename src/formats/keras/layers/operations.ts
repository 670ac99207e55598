/** Operations that stand in a network as if they were layers: Keras 3 `Operation`s, TensorFlow's in Keras 2 (`TFOpLambda`). */
import type { NodeId } from "../../../shared/graph/index.ts";
import { activate, isActivation } from "../activations.ts";
import { flatNumbers, isList, isObject, member, text, type Json } from "../json.ts";
import { setting, twoOperands } from "../operands.ts";
import { Unsupported, type LayerSpec, type Scope } from "../scope.ts";
import * as merge from "./merging.ts";
import { completed, identity } from "./reshaping.ts";
import { resizing } from "./resizing.ts";

const binary = (op: "add" | "sub" | "mul" | "div" | "maximum" | "minimum" | "pow"): LayerSpec => ({
  lower: (scope) => scope.op(op, twoOperands(scope)),
});
const unary = (
  op:
    | "neg"
    | "abs"
    | "exp"
    | "log"
    | "sqrt"
    | "rsqrt"
    | "square"
    | "sign"
    | "floor"
    | "erf"
    | "reciprocal",
): LayerSpec => ({ lower: (scope) => scope.op(op, [scope.x]) });

const reduction = (op: "mean" | "sum" | "max" | "min"): LayerSpec => ({
  lower: (scope) => {
    const axes = flatNumbers(setting(scope, "axis", 1));
    if (!axes) throw new Unsupported("it reduces over the batch");
    const keepDims = (setting(scope, "keepdims", 2) ?? setting(scope, "keep_dims")) === true;
    return scope.op(op, [scope.x], { axes: scope.axes(scope.x, axes), keepDims });
  },
});

/** A target shape that names the batch too. */
const reshape: LayerSpec = {
  lower: (scope) => {
    const target = flatNumbers(
      setting(scope, "newshape", 1) ?? setting(scope, "target_shape") ?? setting(scope, "shape"),
    );
    if (!target) throw new Unsupported("its target shape is computed");
    const [batch = null, ...rest] = scope.shape(scope.x);
    const size = rest.reduce<number>((product, _, i) => product * scope.dim(scope.x, i + 1), 1);
    return scope.reshape(scope.x, [batch, ...completed(target.slice(1), size)]);
  },
};

const transpose: LayerSpec = {
  lower: (scope) => {
    const perm = flatNumbers(setting(scope, "axes", 1) ?? setting(scope, "perm"));
    if (perm?.[0] !== 0) throw new Unsupported("it moves the batch axis");
    return scope.transpose(scope.x, perm);
  },
};

const expandDims: LayerSpec = {
  lower: (scope) => {
    const [axis = 0] = flatNumbers(setting(scope, "axis", 1)) ?? [];
    const shape = [...scope.shape(scope.x)];
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    if (at < 1) throw new Unsupported("it adds an axis before the batch");
    shape.splice(at, 0, 1);
    return scope.reshape(scope.x, shape);
  },
};

const squeeze: LayerSpec = {
  lower: (scope) => {
    const shape = scope.shape(scope.x);
    const given = flatNumbers(setting(scope, "axis", 1));
    const axes = given
      ? scope.axes(scope.x, given)
      : [...shape.keys()].filter((i) => shape[i] === 1);
    return scope.reshape(
      scope.x,
      shape.filter((_, axis) => !axes.includes(axis)),
    );
  },
};

const pad: LayerSpec = {
  lower: (scope) => {
    const flat = flatNumbers(setting(scope, "pad_width", 1) ?? setting(scope, "paddings"));
    const mode = text(setting(scope, "mode", 2)) ?? "constant";
    const paddings = scope
      .shape(scope.x)
      .map((_, i) => [flat?.[2 * i] ?? 0, flat?.[2 * i + 1] ?? 0] as const);
    if (!flat || flat.length !== paddings.length * 2 || mode.toLowerCase() !== "constant")
      throw new Unsupported("its padding is not understood");
    return scope.op("pad", [scope.x], { paddings, value: 0 });
  },
};

const clip: LayerSpec = {
  lower: (scope) => {
    const min = setting(scope, "x_min", 1) ?? setting(scope, "clip_value_min");
    const max = setting(scope, "x_max", 2) ?? setting(scope, "clip_value_max");
    if (typeof min !== "number" || typeof max !== "number")
      throw new Unsupported("its limits are not numbers");
    return scope.op("clip", [scope.x], { min, max });
  },
};

/** One index or slice of `x[...]`; null stands for "all". */
function bounds(
  key: Json,
  size: number | null,
): { begin: number; size: number | null; drop: boolean } {
  if (typeof key === "number") {
    const begin = key < 0 ? key + (size ?? 0) : key;
    return { begin, size: 1, drop: true };
  }
  const inner = text(member(key, "class_name")) === "__slice__" ? member(key, "config") : key;
  const [start, stop, step] = ["start", "stop", "step"].map((name) => member(inner, name) ?? null);
  if (!isObject(inner) || (step !== null && step !== 1))
    throw new Unsupported("its index is not understood");
  const from = typeof start === "number" ? start : 0;
  if (stop === null && from === 0) return { begin: 0, size: null, drop: false };
  if (size === null) throw new Unsupported("it takes a part of the batch");
  const begin = from < 0 ? from + size : from;
  const end = typeof stop === "number" ? (stop < 0 ? stop + size : Math.min(stop, size)) : size;
  return { begin, size: end - begin, drop: false };
}

const getItem: LayerSpec = {
  lower: (scope) => {
    const key = setting(scope, "slice_spec") ?? setting(scope, "key", 1);
    const keys = isList(key) ? key : key === undefined ? [] : [key];
    const shape = scope.shape(scope.x);
    const isRest = (item: Json): boolean =>
      item === "..." || text(member(item, "class_name")) === "__ellipsis__";
    const gap = keys.findIndex(isRest);
    const missing = shape.length - keys.filter((item) => !isRest(item)).length;
    const all = Array.from({ length: missing }, () => ({ start: null, stop: null }));
    const full =
      gap === -1 ? [...keys, ...all] : [...keys.slice(0, gap), ...all, ...keys.slice(gap + 1)];
    if (full.length !== shape.length) throw new Unsupported("its index is not understood");
    const parts = full.map((item, axis) => bounds(item, shape[axis] ?? null));
    const sliced = scope.op("slice", [scope.x], {
      begin: parts.map(({ begin }) => begin),
      size: parts.map(({ size }) => size),
    });
    const kept = scope.shape(sliced).filter((_, axis) => !parts[axis]?.drop);
    return scope.reshape(sliced, kept);
  },
};

const split: LayerSpec = {
  lower: (scope) => {
    const sections =
      setting(scope, "indices_or_sections", 1) ?? setting(scope, "num_or_size_splits");
    const given = setting(scope, "axis", 2);
    const [axis = 0] = scope.axes(scope.x, [typeof given === "number" ? given : 0]);
    const size = scope.dim(scope.x, axis);
    if (typeof sections !== "number" || size % sections !== 0)
      throw new Unsupported("it splits into unequal parts");
    const part = (i: number): NodeId =>
      scope.op("slice", [scope.x], {
        begin: scope.shape(scope.x).map((_, at) => (at === axis ? (i * size) / sections : 0)),
        size: scope.shape(scope.x).map((_, at) => (at === axis ? size / sections : null)),
      });
    return { outputs: Array.from({ length: sections }, (_, i) => part(i)) };
  },
};

const OPERATIONS: ReadonlyMap<string, LayerSpec> = new Map<string, LayerSpec>([
  ["add", binary("add")],
  ["add_v2", binary("add")],
  ["subtract", binary("sub")],
  ["sub", binary("sub")],
  ["multiply", binary("mul")],
  ["mul", binary("mul")],
  ["divide", binary("div")],
  ["true_divide", binary("div")],
  ["truediv", binary("div")],
  ["maximum", binary("maximum")],
  ["minimum", binary("minimum")],
  ["power", binary("pow")],
  ["pow", binary("pow")],
  ["negative", unary("neg")],
  ["neg", unary("neg")],
  ["absolute", unary("abs")],
  ["abs", unary("abs")],
  ["exp", unary("exp")],
  ["log", unary("log")],
  ["sqrt", unary("sqrt")],
  ["rsqrt", unary("rsqrt")],
  ["square", unary("square")],
  ["sign", unary("sign")],
  ["floor", unary("floor")],
  ["erf", unary("erf")],
  ["reciprocal", unary("reciprocal")],
  ["mean", reduction("mean")],
  ["reduce_mean", reduction("mean")],
  ["sum", reduction("sum")],
  ["reduce_sum", reduction("sum")],
  ["max", reduction("max")],
  ["reduce_max", reduction("max")],
  ["min", reduction("min")],
  ["reduce_min", reduction("min")],
  ["reshape", reshape],
  ["transpose", transpose],
  ["expand_dims", expandDims],
  ["squeeze", squeeze],
  ["pad", pad],
  ["clip", clip],
  ["clip_by_value", clip],
  ["get_item", getItem],
  ["getitem", getItem],
  ["split", split],
  ["concat", merge.concatenate],
  ["concatenate", merge.concatenate],
  ["cast", identity],
  ["stop_gradient", identity],
  ["identity", identity],
  [
    "resize",
    {
      lower: (scope) => {
        const [height = 0, width = 0] = flatNumbers(setting(scope, "size", 1)) ?? [];
        const method = text(setting(scope, "interpolation") ?? setting(scope, "method", 2));
        return resizing.lower(
          scope.with(
            scope.config.with({ height, width, interpolation: method ?? "bilinear" }),
            scope.className,
            scope.inputs,
          ),
        );
      },
    },
  ],
]);

/** Finds an operation by Keras 3's class (in snake case) or TensorFlow's symbol (`math.add`, `__operators__.getitem`). */
export function operation(symbol: string): LayerSpec | undefined {
  const name = symbol.slice(symbol.lastIndexOf(".") + 1);
  const known = OPERATIONS.get(name);
  if (known || !isActivation(name)) return known;
  return {
    lower: (scope: Scope) => {
      const out = activate(scope, name, scope.x, scope.config.with(settingsOf(scope)));
      return { outputs: [out], preActivation: scope.x };
    },
  };
}

/** Settings that TensorFlow passes in the call: `axis`, `alpha`. */
function settingsOf(scope: Scope): Record<string, Json> {
  const found = [...scope.call.kwargs].flatMap(([key, value]) =>
    value.kind === "value" ? [[key, value.value] as const] : [],
  );
  return Object.fromEntries(found);
}
