import { differentiate, type RuleOverrides } from "./gradient.ts";
import type { Differentiate } from "./types.ts";

/**
 * Lucid's redirected ReLU: where a unit is closed, a gradient that would open it passes all the same, so that maximising can
 * start from a picture that does not excite the unit.
 */
const redirectedRules: RuleOverrides = {
  relu: (g, x) => [
    () => g.op("select", [g.op("greater", [x, g.scalar(0)]), g.dy, g.op("relu", [g.dy])]),
  ],
  relu6: (g, x) => {
    const closed = (): string =>
      g.op("select", [g.op("greater", [x, g.scalar(0)]), g.dy, g.op("relu", [g.dy])]);
    const falling = (): string => g.op("minimum", [g.dy, g.scalar(0)]);
    return [() => g.op("select", [g.op("less", [x, g.scalar(6)]), closed(), falling()])];
  },
};

/** Differentiation with redirected ReLUs; what it gives is no gradient. */
export const differentiateRedirected: Differentiate = (graph, of, wrt, seed) =>
  differentiate(graph, of, wrt, seed, redirectedRules);
