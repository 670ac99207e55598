import { at } from "../../base/at.ts";
import type { NodeId, NodeOf, Padding } from "../../graph/index.ts";
import { type Attr, attr } from "../native/attributes.ts";
import type { Composer, Replacement } from "./compose.ts";
import type { TensorFlowWriter } from "../native/writer.ts";
import {
  asForward,
  groupsOf,
  lowerDepthwise,
  lowerGroups,
  perFilter,
  plain,
} from "./convolution-lowering.ts";
import { isParameterOnly } from "./parameter-only.ts";
import type { Operand } from "../native/operand.ts";
import type { Family } from "./types.ts";

type Forward = "conv2d" | "depthwiseConv2d";
type InputGrad = "conv2dInputGrad" | "depthwiseConv2dInputGrad";

function geometry(node: NodeOf<Forward | InputGrad>): Record<string, Attr> {
  const { strides, dilations, padding } = node.attrs;
  const explicit = typeof padding === "string" ? [] : [0, 0, ...padding, 0, 0];
  return {
    T: attr.type("float32"),
    strides: attr.ints([1, ...strides, 1]),
    dilations: attr.ints([1, ...dilations, 1]),
    padding: attr.string(typeof padding === "string" ? padding.toUpperCase() : "EXPLICIT"),
    explicit_paddings: attr.ints(explicit),
  };
}
const wasmPadding = (padding: Padding): unknown =>
  typeof padding === "string"
    ? padding
    : [[0, 0], [padding[0], padding[1]], [padding[2], padding[3]], [0, 0]]; // prettier-ignore

function backprop(op: string) {
  return (w: TensorFlowWriter, node: NodeOf<InputGrad>, dy: Operand, kernel: Operand): string =>
    w.node(op, [w.sizeLike(dy, node.attrs.inputSize), kernel.name, dy.name], geometry(node));
}
/** Attributes of the convolution kernels of TensorFlow.js. */
export const wasmAttrs = (node: NodeOf<Forward>): Record<string, unknown> => ({
  strides: node.attrs.strides,
  dilations: node.attrs.dilations,
  pad: wasmPadding(node.attrs.padding),
  dataFormat: "NHWC",
});
const inputSize = (node: { shape: readonly (number | null)[] }): [number, number, number] =>
  node.shape.slice(1) as [number, number, number];

/**
 * Rules of convolutions and their gradients by the input, which are each other's gradient; kernels
 * are frozen. Groups, strides and dilations that an engine lacks are lowered; on wasm, all
 * gradients.
 */
export const convolution = {
  conv2d: {
    gradient: (g, x, kernel) => [
      () =>
        g.op("conv2dInputGrad", [g.dy, kernel], {
          ...g.attrs,
          inputSize: inputSize(g.builder.get(x)),
        }),
      "none",
    ],
    lower: lowerGroups,
    tensorflow: (w, node, x, kernel) => w.node("Conv2D", [x.name, kernel.name], geometry(node)),
    wasm: (k, node, x, filter) => k.run("Conv2D", { x, filter }, wasmAttrs(node)),
  },
  depthwiseConv2d: {
    gradient: (g, x, kernel) => [
      () =>
        g.op("depthwiseConv2dInputGrad", [g.dy, kernel], {
          ...g.attrs,
          inputSize: inputSize(g.builder.get(x)),
        }),
      "none",
    ],
    lower: (c, node, engine) => (engine === "native" ? lowerDepthwise(c, node) : null),
    tensorflow: (w, node, x, kernel) =>
      w.node("DepthwiseConv2dNative", [x.name, kernel.name], geometry(node)),
    wasm: (k, node, x, filter) => k.run("DepthwiseConv2dNative", { x, filter }, wasmAttrs(node)),
  },
  conv2dInputGrad: {
    gradient: (g, _dy, kernel) => [() => g.op("conv2d", [g.dy, kernel], forward(g.node)), "none"],
    lower: (c, node, engine) => {
      const native = engine === "native" && plain(node.attrs.dilations) && ungrouped(c, node);
      return intoKernel(c, node, "conv2d") ?? (native ? null : asForward(c, node));
    },
    tensorflow: backprop("Conv2DBackpropInput"),
    wasm: "lowered",
  },
  depthwiseConv2dInputGrad: {
    gradient: (g, _dy, kernel) => [
      () => g.op("depthwiseConv2d", [g.dy, kernel], forward(g.node)),
      "none",
    ],
    lower: (c, node, engine) => {
      const { strides, dilations } = node.attrs;
      const native = engine === "native" && plain(dilations) && strides[0] === strides[1];
      return intoKernel(c, node, "depthwiseConv2d") ?? (native ? null : asForward(c, node));
    },
    tensorflow: backprop("DepthwiseConv2dNativeBackpropInput"),
    wasm: "lowered",
  },
} satisfies Family;

/** A gradient that comes through a batch normalization is scaled filter by filter: as good a scaled kernel, worked out once. */
function intoKernel(c: Replacement, node: NodeOf<InputGrad>, op: Forward): NodeId | null {
  const [dy, kernel] = node.inputs as [NodeId, NodeId];
  const product = c.builder.get(dy);
  const [slope = "", factor = ""] = product.inputs;
  if (product.op !== "mul" || !c.alone(dy) || c.shape(slope).length !== 4) return null;
  if (c.shape(factor).length !== 1 || c.dim(factor, 0) !== c.dim(slope, 3)) return null;
  if (!isParameterOnly(c.builder, factor) || !isParameterOnly(c.builder, kernel)) return null;
  const scaled = c.mul(kernel, perFilter(c, op, kernel, factor));
  return c.op(node.op, [slope, scaled], node.attrs);
}

const ungrouped = (c: Composer, { inputs, attrs }: NodeOf<"conv2dInputGrad">): boolean =>
  groupsOf(c, at(inputs, 1), attrs.inputSize[2]) === 1;

function forward({ attrs }: NodeOf<InputGrad>): NodeOf<Forward>["attrs"] {
  return { strides: attrs.strides, padding: attrs.padding, dilations: attrs.dilations };
}
