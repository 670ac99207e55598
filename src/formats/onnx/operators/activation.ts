import * as cf from "../../lower/index.ts";
import type { Call, Operators } from "../call.ts";

/** Before operation set 13 softmax saw a matrix: the axes before `axis`, and those from it on. */
function softmax(call: Call, log: boolean): cf.Value {
  const { l, x, opset } = call;
  if (opset >= 13) return cf.softmax(l, x, call.int("axis", -1), log);
  const axis = cf.axisOf(call.int("axis", 1), x.shape.length);
  if (axis === x.shape.length - 1) return cf.softmax(l, x, axis, log);
  const flat = cf.flatten(l, x, axis);
  return cf.reshape(l, cf.softmax(l, flat, axis, log), x.shape);
}

/** Before operation set 7 a slope was for each channel; files from then on still have it so where it could be nothing else. */
function slopes(call: Call): cf.Value {
  const { l, x, opset } = call;
  const slope = call.input(1);
  const perChannel = slope.shape.length === 1 && slope.shape[0] === x.shape[1];
  const told = opset < 7 || slope.shape[0] !== x.shape.at(-1);
  return perChannel && told ? cf.perChannel(l, slope, x) : slope;
}

/** 1 at the first largest cell along an axis, 0 elsewhere. */
function hardmax(call: Call): cf.Value {
  const { l, x, opset } = call;
  const axis = cf.axisOf(call.int("axis", opset >= 13 ? -1 : 1), x.shape.length);
  const flat = opset >= 13 ? x : cf.flatten(l, x, axis);
  const hard = cf.alongLast(l, flat, opset >= 13 ? axis : -1, (node) => {
    const shape = l.nodeShape(node);
    const top = l.op("argMax", [node], { axis: shape.length - 1 });
    return l.op("oneHot", [top], { depth: shape.at(-1) ?? 1 });
  });
  return cf.reshape(l, hard, x.shape);
}

/** Limits are attributes before operation set 11, inputs from then on. */
function clip(call: Call): cf.Value {
  const limit = (index: number, name: string): cf.Value | null =>
    call.optional(index) ?? (call.has(name) ? cf.number(call.float(name, 0)) : null);
  return cf.clip(call.l, call.x, limit(1, "min"), limit(2, "max"));
}

/**
 * Activation functions with attributes, softmax and `Clip`; those without stand in the table of
 * names (`arithmetic`).
 */
export const activation: Operators = [
  ["LeakyRelu", (call) => cf.leakyRelu(call.l, call.x, call.float("alpha", 0.01))],
  ["PRelu", (call) => cf.prelu(call.l, call.x, slopes(call))],
  ["Elu", (call) => cf.elu(call.l, call.x, call.float("alpha", 1))],
  ["Celu", (call) => cf.celu(call.l, call.x, call.float("alpha", 1))],
  [
    "Selu",
    (call) =>
      cf.selu(
        call.l,
        call.x,
        call.float("alpha", 1.6732632423543772),
        call.float("gamma", 1.0507009873554805),
      ),
  ],
  ["Gelu", (call) => cf.gelu(call.l, call.x, call.text("approximate", "none") === "tanh")],
  [
    "HardSigmoid",
    (call) => cf.hardSigmoid(call.l, call.x, call.float("alpha", 0.2), call.float("beta", 0.5)),
  ],
  ["Swish", (call) => cf.swish(call.l, call.x, call.float("alpha", 1))],
  ["ThresholdedRelu", (call) => cf.thresholded(call.l, call.x, call.float("alpha", 1))],
  ["Shrink", (call) => cf.shrink(call.l, call.x, call.float("lambd", 0.5), call.float("bias", 0))],
  ["Softmax", (call) => softmax(call, false)],
  ["LogSoftmax", (call) => softmax(call, true)],
  ["Hardmax", hardmax],
  ["Clip", clip],
];
