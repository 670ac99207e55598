import type { GradientCam } from "../types.ts";

/** J. Gildenblat, pytorch-grad-cam's GradCAMElementWise: sum_k relu(A^k * g^k). */
export const gradCamElementwise: GradientCam = (graph, maps, gradient) => ({
  alpha: graph.meanOverCells(gradient),
  signed: graph.sumOverChannels(graph.relu(graph.mul(maps, gradient))),
});
