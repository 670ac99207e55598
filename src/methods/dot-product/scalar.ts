import type { GraphNode, Op } from "../../graph/index.ts";

interface ScalarFunction {
  readonly name: string;
  of(node: GraphNode): (value: number) => number;
}

/** Activations as functions of one number, for the story of one cell. */
export const scalarFunctions: Readonly<Partial<Record<Op, ScalarFunction>>> = {
  relu: { name: "ReLU", of: () => (v) => Math.max(0, v) },
  relu6: { name: "ReLU6", of: () => (v) => Math.min(6, Math.max(0, v)) },
  leakyRelu: {
    name: "leaky ReLU",
    of: (node) => {
      const alpha = node.op === "leakyRelu" ? node.attrs.alpha : 0;
      return (v) => (v > 0 ? v : alpha * v);
    },
  },
  elu: { name: "ELU", of: () => (v) => (v >= 0 ? v : Math.expm1(v)) },
  sigmoid: { name: "sigmoid", of: () => (v) => 1 / (1 + Math.exp(-v)) },
  tanh: { name: "tanh", of: () => Math.tanh },
  softplus: {
    name: "softplus",
    of: () => (v) => Math.log1p(Math.exp(-Math.abs(v))) + Math.max(0, v),
  },
  exp: { name: "exponential", of: () => Math.exp },
  clip: {
    name: "clip",
    of: (node) => {
      const [min, max] =
        node.op === "clip" ? [node.attrs.min, node.attrs.max] : [-Infinity, Infinity];
      return (v) => Math.min(max, Math.max(min, v));
    },
  },
};
