import type { GradientCam } from "../types.ts";

/** Selvaraju et al. 2017, eq. 1 and 2: alpha_k = mean(g^k), sum_k alpha_k A^k. */
export const gradCam: GradientCam = (graph, maps, gradient) => {
  const alpha = graph.meanOverCells(gradient);
  return { alpha, signed: graph.weighted(maps, alpha) };
};
