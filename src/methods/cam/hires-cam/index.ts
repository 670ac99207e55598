import type { GradientCam } from "../types.ts";

/** Draelos, Carin 2020: sum_k A^k * g^k. */
export const hiresCam: GradientCam = (graph, maps, gradient) => ({
  alpha: graph.meanOverCells(gradient),
  signed: graph.sumOverChannels(graph.mul(maps, gradient)),
});
