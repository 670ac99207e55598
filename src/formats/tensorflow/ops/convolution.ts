import type { ConvAttrs, NodeId, Padding } from "../../../graph/index.ts";
import type { Operation, Rule } from "../operation.ts";
import { Unsupported } from "../values.ts";
import { channelsLast, isFirst } from "./channels.ts";
import { fused } from "./fused.ts";

/** A setting of [N, H, W, C] (or [N, C, H, W]) for rows and columns. */
export function spatial(op: Operation, key: string): [number, number] {
  const all = op.ints(key);
  if (all.length === 0) return [1, 1];
  if (all.length !== 4) throw new Unsupported(`its ${key} are not those of a picture`);
  const [rows, columns] = isFirst(op) ? [all[2], all[3]] : [all[1], all[2]];
  return [rows ?? 1, columns ?? 1];
}

export function paddingOf(op: Operation): Padding {
  const name = op.text("padding", "VALID");
  if (name === "SAME") return "same";
  if (name === "VALID") return "valid";
  const all = op.ints("explicit_paddings");
  const [top = 0, bottom = 0, left = 0, right = 0] = all.slice(isFirst(op) ? 4 : 2);
  return [top, bottom, left, right];
}

const attributes = (op: Operation): ConvAttrs => ({
  strides: spatial(op, "strides"),
  padding: paddingOf(op),
  dilations: spatial(op, "dilations"),
});

/** The convolution of an operation, before what is fused to it; x is channels last. */
export function convolved(op: Operation, x: NodeId): NodeId {
  noteFolding(op);
  const split = op.phases.get(x);
  if (split) return dilated(op, x, split.block);
  const depthwise = /Depthwise/.test(op.op);
  const kernel = op.weight(op.value(1), "kernel", depthwise ? "hwcm" : "hwio");
  const attrs = attributes(op);
  if (depthwise) return op.make("depthwiseConv2d", [x, kernel], attrs);
  const groups = op.dim(x, 3) / op.dim(kernel, 2);
  return groups === 1
    ? op.make("conv2d", [x, kernel], attrs)
    : grouped(op, x, kernel, groups, attrs);
}

/** Grappler and the TF.js converter give a kernel that they scaled another name. */
function noteFolding(op: Operation): void {
  const kernel = op.value(1);
  if (kernel.kind === "parameter" && /(merged_input|_weights|Scaled)$/.test(kernel.parameter.name))
    op.note = "The exporter folded a batch norm into the kernel.";
}

/** As TensorFlow wrote dilated convolutions: the phases of the picture as a batch, each convolved without padding. */
function dilated(op: Operation, x: NodeId, block: readonly [number, number]): NodeId {
  const phases = op.phases.get(x);
  const attrs = attributes(op);
  const plain = attrs.strides[0] === 1 && attrs.strides[1] === 1 && attrs.padding === "valid";
  if (!phases || phases.convolved || !plain)
    throw new Unsupported("it works on the phases of a picture in a way that is not known");
  const [[, top = 0, left = 0], [, bottom = 0, right = 0]] = [0, 1].map((side) =>
    phases.paddings.map((pair) => pair[side]),
  ) as [number[], number[]];
  const depthwise = /Depthwise/.test(op.op);
  const kernel = op.weight(op.value(1), "kernel", depthwise ? "hwcm" : "hwio");
  const out = op.make(depthwise ? "depthwiseConv2d" : "conv2d", [phases.source, kernel], {
    strides: [1, 1],
    padding: [top, bottom, left, right],
    dilations: block,
  });
  op.phases.set(out, { ...phases, source: out, convolved: true });
  return out;
}

function grouped(
  op: Operation,
  x: NodeId,
  kernel: NodeId,
  groups: number,
  attrs: ConvAttrs,
): NodeId {
  if (!Number.isInteger(groups)) throw new Unsupported("its kernel does not fit its channels");
  const [inputs, filters] = [op.dim(kernel, 2), op.dim(kernel, 3) / groups];
  if (inputs === 1) {
    const size = [op.dim(kernel, 0), op.dim(kernel, 1), groups, filters];
    return op.make("depthwiseConv2d", [x, op.reshape(kernel, size)], attrs);
  }
  const part = (id: NodeId, width: number, group: number): NodeId =>
    op.make("slice", [id], { begin: [0, 0, 0, group * width], size: [null, null, null, width] });
  const parts = Array.from({ length: groups }, (_, group) =>
    op.make("conv2d", [part(x, inputs, group), part(kernel, filters, group)], attrs),
  );
  return op.make("concat", parts, { axis: 3 });
}

const convolution2d: Rule = (op) =>
  channelsLast(op, op.tensor(0), (x) => fused(op, convolved(op, x)));

/** (input sizes, kernel, dy): the forward pass of a transposed convolution. */
const transposed: Rule = (op) =>
  channelsLast(op, op.tensor(2), (dy) => {
    const kernel = op.weight(op.value(1), "kernel", "hwoi");
    const size = op.host(0).data.slice(-4);
    const at = size.length === 2 ? [0, 1] : isFirst(op) ? [2, 3] : [1, 2];
    const [rows, columns] = at.map((axis) => size[axis]);
    if (typeof rows !== "number" || typeof columns !== "number")
      throw new Unsupported("the size of its result is known only when it runs");
    const inputSize = [rows, columns, op.dim(kernel, 2)] as const;
    return op.make("conv2dInputGrad", [dy, kernel], { ...attributes(op), inputSize });
  });

export const convolution: readonly (readonly [string, Rule])[] = [
  ["Conv2D", convolution2d],
  ["_FusedConv2D", convolution2d],
  ["DepthwiseConv2dNative", convolution2d],
  ["_FusedDepthwiseConv2dNative", convolution2d],
  ["FusedDepthwiseConv2dNative", convolution2d],
  ["Conv2DBackpropInput", transposed],
];
