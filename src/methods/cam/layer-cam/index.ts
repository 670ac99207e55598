import type { GradientCam } from "../types.ts";

/** Jiang et al. 2021: sum_k relu(g^k) A^k. */
export const layerCam: GradientCam = (graph, maps, gradient) => {
  const positive = graph.relu(gradient);
  return {
    alpha: graph.meanOverCells(positive),
    signed: graph.sumOverChannels(graph.mul(maps, positive)),
  };
};
