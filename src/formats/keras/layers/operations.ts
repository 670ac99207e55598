/** Operations that stand in a network as if they were layers: Keras 3 `Operation`s, TensorFlow's in Keras 2 (`TFOpLambda`). */
import { activate, isActivation } from "../activations.ts";
import { flatNumbers, text, type Json } from "../../json.ts";
import { setting, twoOperands } from "../operands.ts";
import { Unsupported, type LayerSpec, type Scope } from "../scope.ts";
import { getItem, split } from "./indexing.ts";
import * as merge from "./merging.ts";
import { expandDims, pad, reshape, squeeze, transpose } from "./rearranging.ts";
import { identity } from "./reshaping.ts";
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

const clip: LayerSpec = {
  lower: (scope) => {
    const min = setting(scope, "x_min", 1) ?? setting(scope, "clip_value_min");
    const max = setting(scope, "x_max", 2) ?? setting(scope, "clip_value_max");
    if (typeof min !== "number" || typeof max !== "number")
      throw new Unsupported("its limits are not numbers");
    return scope.op("clip", [scope.x], { min, max });
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
