import type { GradientCam } from "../types.ts";

/** pytorch-grad-cam's, which the golden numbers were made with; the paper has none. */
const EPSILON = 1e-6;

/** Chattopadhay et al. 2018: a = g^2 / (2 g^2 + sum(A) g^3), 0 where g = 0; w = sum(a relu(g)). */
export const gradCamPlusPlus: GradientCam = (graph, maps, gradient) => {
  const square = graph.add("square", "cam_g2", [gradient]);
  const cube = graph.mul(square, gradient);
  const sums = graph.sumOverCells(maps, true);
  const denominator = graph.plus(
    graph.plus(graph.mul(square, graph.scalar(2)), graph.mul(sums, cube)),
    graph.scalar(EPSILON),
  );
  // where g = 0 the numerator is 0 too, so the quotient needs no case of its own
  const share = graph.add("div", "cam_share", [square, denominator]);
  const alpha = graph.sumOverCells(graph.mul(share, graph.relu(gradient)));
  return { alpha, signed: graph.weighted(maps, alpha) };
};
