import type { Made } from "../../graph/index.ts";
import { attr } from "../native/attributes.ts";
import type { Family, TensorFlowRule } from "./types.ts";

const T = { T: attr.type("float32") };
/** A TensorFlow operation of float tensors without attributes of its own. */
function simple<K extends Made>(op: string): TensorFlowRule<K> {
  return (w, _node, ...inputs) =>
    w.node(
      op,
      inputs.map(({ name }) => name),
      T,
    );
}

/**
 * Rules of activation functions and softmax over the last axis. Their gradients are made from the
 * output alone, but for leaky ReLU and softplus.
 */
export const activation = {
  relu: {
    // the output tells as much as the input, and what is between a convolution and its ReLU need not be kept
    gradient: (g) => [() => g.op("reluGrad", [g.dy, g.y])],
    tensorflow: simple("Relu"),
    wasm: (k, _node, x) => k.run("Relu", { x }),
  },
  relu6: {
    gradient: (g) => [() => g.op("relu6Grad", [g.dy, g.y])],
    tensorflow: simple("Relu6"),
    wasm: (k, _node, x) => k.run("Relu6", { x }),
  },
  leakyRelu: {
    gradient: (g, x) => [
      () => g.op("select", [g.op("greater", [x, g.scalar(0)]), g.dy, g.times(g.dy, g.attrs.alpha)]),
    ],
    tensorflow: (w, node, x) =>
      w.node("LeakyRelu", [x.name], { ...T, alpha: attr.float(node.attrs.alpha) }),
    wasm: (k, node, x) => k.run("LeakyRelu", { x }, { alpha: node.attrs.alpha }),
  },
  elu: {
    gradient: (g) => [() => g.op("eluGrad", [g.dy, g.y])],
    tensorflow: simple("Elu"),
    wasm: (k, _node, x) => k.run("Elu", { x }),
  },
  sigmoid: {
    gradient: (g) => [() => g.mul(g.dy, g.mul(g.y, g.sub(g.scalar(1), g.y)))],
    tensorflow: simple("Sigmoid"),
    wasm: (k, _node, x) => k.run("Sigmoid", { x }),
  },
  tanh: {
    gradient: (g) => [() => g.mul(g.dy, g.sub(g.scalar(1), g.op("square", [g.y])))],
    tensorflow: simple("Tanh"),
    wasm: (k, _node, x) => k.run("Tanh", { x }),
  },
  softplus: {
    gradient: (g, x) => [() => g.mul(g.dy, g.op("sigmoid", [x]))],
    tensorflow: simple("Softplus"),
    wasm: (k, _node, x) => k.run("Softplus", { x }),
  },
  reluGrad: {
    gradient: (g, _dy, x) => [() => g.op("reluGrad", [g.dy, x]), "zero"],
    tensorflow: simple("ReluGrad"),
    wasm: (k, _node, dy, x) =>
      k.plain(x.shape, [dy, x], (out, slope, value) => {
        for (let i = 0; i < out.length; i++) out[i] = (value[i] ?? NaN) > 0 ? (slope[i] ?? NaN) : 0;
      }),
  },
  relu6Grad: {
    gradient: (g, _dy, x) => [() => g.op("relu6Grad", [g.dy, x]), "zero"],
    tensorflow: simple("Relu6Grad"),
    wasm: (k, _node, dy, x) =>
      k.plain(x.shape, [dy, x], (out, slope, value) => {
        for (let i = 0; i < out.length; i++) {
          const x = value[i] ?? NaN;
          out[i] = x > 0 && x < 6 ? (slope[i] ?? NaN) : 0;
        }
      }),
  },
  eluGrad: {
    gradient: (g, dy, y) => [
      () => g.op("eluGrad", [g.dy, y]),
      () => g.where(g.op("less", [y, g.scalar(0)]), g.mul(g.dy, dy)),
    ],
    tensorflow: simple("EluGrad"),
    wasm: (k, _node, dy, y) =>
      k.plain(y.shape, [dy, y], (out, slope, value) => {
        for (let i = 0; i < out.length; i++)
          out[i] = (slope[i] ?? NaN) * Math.min(1, (value[i] ?? NaN) + 1);
      }),
  },
  softmax: {
    gradient: (g) => [
      () => {
        const inner = g.sum(g.mul(g.dy, g.y), [g.node.shape.length - 1], true);
        return g.mul(g.y, g.sub(g.dy, inner));
      },
    ],
    tensorflow: simple("Softmax"),
    wasm: (k, _node, logits) => k.run("Softmax", { logits }, { dim: logits.shape.length - 1 }),
  },
  logSoftmax: {
    gradient: (g) => [
      () => {
        const total = g.sum(g.dy, [g.node.shape.length - 1], true);
        return g.sub(g.dy, g.mul(g.op("exp", [g.y]), total));
      },
    ],
    tensorflow: simple("LogSoftmax"),
    wasm: (k, node, ...inputs) => k.defined(node, inputs),
  },
} satisfies Family;
