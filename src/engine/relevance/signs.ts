import type { GraphBuilder, Made, NodeId } from "../../graph/index.ts";
import { isParameterOnly } from "../ops/parameter-only.ts";

/** What has no value below zero. */
const NEVER_BELOW: ReadonlySet<string> = new Set<Made>([
  ...(["relu", "relu6", "sigmoid", "softmax", "exp", "square", "abs", "sqrt"] as const),
]);
/** What has none where its inputs have none. */
const KEEPS_SIGN: ReadonlySet<string> = new Set<Made>([
  ...(["maxPool", "avgPool", "mean", "sum", "max", "min", "add", "mul", "concat"] as const),
  ...(["maximum", "minimum", "reshape", "transpose", "slice", "stridedSlice", "reverse"] as const),
  ...(["tile", "gather", "resizeBilinear", "resizeNearest", "mirrorPad", "cast"] as const),
]);

/** Whether a value is known to have no cell below zero. */
export function isNeverBelow(builder: GraphBuilder, id: NodeId): boolean {
  const node = builder.get(id);
  if (NEVER_BELOW.has(node.op)) return true;
  if (node.op === "clip") return node.attrs.min >= 0;
  if (node.op === "pad")
    return node.attrs.value >= 0 && node.inputs.every((input) => isNeverBelow(builder, input));
  return (
    KEEPS_SIGN.has(node.op) &&
    node.inputs.length > 0 &&
    node.inputs.every((input) => isNeverBelow(builder, input))
  );
}

/** Functions whose values say how much of something else passes. */
const GATES: ReadonlySet<string> = new Set<Made>([
  ...(["sigmoid", "tanh", "erf", "softmax", "exp", "rsqrt", "reciprocal"] as const),
  ...(["clip", "relu6", "softplus", "div"] as const),
]);
/** What a gate may go through on its way. */
const THROUGH: ReadonlySet<string> = new Set<Made>([
  ...(["add", "sub", "mul", "reshape", "transpose", "broadcastLike", "tile", "cast"] as const),
]);

/** Whether a value is a gate: made of one of those functions by constants and moves alone. */
export function isGate(builder: GraphBuilder, id: NodeId): boolean {
  const { op, inputs } = builder.get(id);
  if (GATES.has(op)) return true;
  if (!THROUGH.has(op)) return false;
  const made = op === "broadcastLike" ? inputs.slice(0, 1) : inputs;
  const [value, ...others] = made.filter((input) => !isParameterOnly(builder, input));
  return value !== undefined && others.length === 0 && isGate(builder, value);
}
