import * as cf from "../../lower/index.ts";
import type { Call, Operator, Operators } from "../call.ts";

const clip =
  (min: number, max: number): Operator =>
  ({ l, x }) =>
    cf.clip(l, x, cf.number(min), cf.number(max));

/** Of beta times x, over the last axis. */
function softmax(call: Call): cf.Value {
  const beta = call.f32(0, 1);
  const x = beta === 1 ? call.x : cf.binary(call.l, "mul", call.x, cf.number(beta));
  return cf.softmax(call.l, x, -1);
}

/** Activation functions with settings; those without stand in `lower/names.ts`. */
export const activations: Operators = [
  ["RELU_N1_TO_1", clip(-1, 1)],
  ["RELU_0_TO_1", clip(0, 1)],
  ["LEAKY_RELU", (call) => cf.leakyRelu(call.l, call.x, call.f32(0))],
  ["PRELU", (call) => cf.prelu(call.l, call.x, call.input(1, "alpha"))],
  ["GELU", (call) => cf.gelu(call.l, call.x, call.bool(0))],
  ["SOFTMAX", softmax],
  ["LOG_SOFTMAX", ({ l, x }) => cf.softmax(l, x, -1, true)],
];
