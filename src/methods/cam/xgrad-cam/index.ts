import type { GradientCam } from "../types.ts";

const EPSILON = 1e-7;

/** Fu et al. 2020: w = sum(g A) / sum(A). */
export const xgradCam: GradientCam = (graph, maps, gradient) => {
  const sums = graph.plus(graph.sumOverCells(maps), graph.scalar(EPSILON));
  const products = graph.sumOverCells(graph.mul(maps, gradient));
  const alpha = graph.add("div", "cam_alpha", [products, sums]);
  return { alpha, signed: graph.weighted(maps, alpha) };
};
