import { clip, number, unary, type Lowering, type Value } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Lowered, Operator } from "../call.ts";

type Activation = (l: Lowering, x: Value) => Value;

/** ActivationFunctionType by its number; 0 is none. */
const FUSED: readonly (readonly [name: string, apply: Activation] | null)[] = [
  null,
  ["RELU", (l, x) => unary(l, "relu", x)],
  ["RELU_N1_TO_1", (l, x) => clip(l, x, number(-1), number(1))],
  ["RELU6", (l, x) => unary(l, "relu6", x)],
  ["TANH", (l, x) => unary(l, "tanh", x)],
];

/** `operator` and the activation that option `field` fuses into it: two operations, one layer. */
export const fused =
  (field: number, operator: (call: Call) => Value): Operator =>
  (call) => {
    const out = operator(call);
    const which = call.i8(field);
    if (which === 0) return absorbed(call, out) ?? out;
    const known = FUSED[which];
    if (!known) throw new Unsupported(`its fused activation ${which} is not supported`);
    const [name, apply] = known;
    return behind(out, apply(call.l, out), `${name} is fused into the operator`);
  };

const behind = (before: Value, after: Value, note: string): Lowered => ({
  outputs: [after],
  preActivation: before.kind === "tensor" ? before.node : null,
  notes: [note],
});

const WEIGHTED = ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD"];
const LIMITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
};

/**
 * Converters leave out a RELU of an integer network where the integers cannot be negative anyway: zero is the least of them.
 * RELU6 likewise, when they end at 6.
 */
function absorbed({ l, operator, output }: Call, out: Value): Lowered | null {
  const limits = LIMITS[output?.type ?? ""];
  const { scales: [scale] = [], zeros: [zero] = [] } = output?.quantization ?? {};
  if (!limits || scale === undefined || zero !== limits[0]) return null;
  if (!WEIGHTED.includes(operator.code.name)) return null;
  const isSix = Math.abs((limits[1] - zero) * scale - 6) < 0.05;
  return behind(
    out,
    unary(l, isSix ? "relu6" : "relu", out),
    `${isSix ? "RELU6" : "RELU"} follows from its integers, which cannot be negative`,
  );
}
