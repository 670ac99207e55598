import { differentiate, type RuleOverrides } from "./gradient.ts";
import type { Differentiate } from "./types.ts";

/** Guided backpropagation (Springenberg et al. 2015): at every ReLU only positive gradients pass. */
const guidedRules: RuleOverrides = {
  relu: (g, x) => [() => g.op("reluGrad", [g.op("relu", [g.dy]), x])],
  relu6: (g, x) => [() => g.op("relu6Grad", [g.op("relu", [g.dy]), x])],
};

/** Differentiation with guided backpropagation's rules; what it gives is no gradient. */
export const differentiateGuided: Differentiate = (graph, of, wrt, seed) =>
  differentiate(graph, of, wrt, seed, guidedRules);
