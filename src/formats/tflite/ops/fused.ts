import type { NodeId } from "../../../graph/index.ts";
import { Unsupported, type Lowered, type OpScope } from "../scope.ts";

type Activation = (scope: OpScope, x: NodeId) => NodeId;

/** ActivationFunctionType by its number; 0 is none. */
const FUSED: readonly (readonly [name: string, apply: Activation] | null)[] = [
  null,
  ["RELU", (s, x) => s.op("relu", [x])],
  ["RELU_N1_TO_1", (s, x) => s.op("clip", [x], { min: -1, max: 1 })],
  ["RELU6", (s, x) => s.op("relu6", [x])],
  ["TANH", (s, x) => s.op("tanh", [x])],
];

/** `out` and the activation that is fused into the operator: two nodes, one layer. */
export function activated(scope: OpScope, out: NodeId, field: number): Lowered {
  const which = scope.i8(field);
  if (which === 0) return absorbed(scope, out) ?? { outputs: [out] };
  const [name, apply] = FUSED[which] ?? raise(`its fused activation ${which} is not supported`);
  return {
    outputs: [apply(scope, out)],
    preActivation: out,
    notes: [`${name} is fused into the operator`],
  };
}

const WEIGHTED = ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD"];
const LIMITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  ...{ int8: [-128, 127], uint8: [0, 255] },
};

/**
 * Converters leave out a RELU of an integer network where the integers cannot be negative anyway: zero is the least of them.
 * RELU6 likewise, when they end at 6.
 */
function absorbed(scope: OpScope, out: NodeId): Lowered | null {
  const { output } = scope;
  const limits = LIMITS[output?.type ?? ""];
  const { scales: [scale = 0] = [], zeros: [zero = NaN] = [] } = output?.quantization ?? {};
  if (!limits || zero !== limits[0] || !WEIGHTED.includes(scope.operator.code.name)) return null;
  const isSix = Math.abs((limits[1] - zero) * scale - 6) < 0.05;
  return {
    outputs: [scope.op(isSix ? "relu6" : "relu", [out])],
    preActivation: out,
    notes: [`${isSix ? "RELU6" : "RELU"} follows from its integers, which cannot be negative`],
  };
}

function raise(reason: string): never {
  throw new Unsupported(reason);
}
