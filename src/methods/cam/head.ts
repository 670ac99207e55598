import { GraphBuilder, prune, type ModelGraph, type NodeId } from "../../shared/graph/index.ts";
import { inputError } from "../../shared/errors.ts";
import type { Scores, Subject } from "../types.ts";

/** The graph from a layer's maps to its CAMs, one row per class: all classes in one backward pass. */
export interface CamHead {
  readonly graph: ModelGraph;
  /** Fed with [K, units]: which score each row differentiates. */
  readonly seed: NodeId;
  /** [K, channels]: the mean gradient of each map (Grad-CAM's weights). */
  readonly alpha: NodeId;
  /** [K, h, w], before ReLU: sum_k alpha_k A^k. */
  readonly gradCam: NodeId;
  /** [K, h, w], before ReLU: sum_k A^k * g^k. */
  readonly hiResCam: NodeId;
  /** Model inputs that the scores still need when the maps are fed (the layer is not the only path). */
  readonly besides: readonly NodeId[];
}

/**
 * Appends Grad-CAM (Selvaraju et al. 2017, eq. 1 and 2) and HiRes-CAM (Draelos, Carin 2020) to the scores' graph.
 * Throws a ConvLensError of kind `input` when the scores do not depend on `maps`.
 */
export function camHead(
  { differentiate }: Pick<Subject, "differentiate">,
  scores: Scores,
  maps: NodeId,
  layer: string,
): CamHead {
  const start = new GraphBuilder(scores.graph.nodes);
  const seed = start.input("cam_seed", start.shape(scores.logits));
  const seeded = { ...scores.graph, nodes: start.nodes };
  const { graph, grads } = differentiate(seeded, scores.logits, [maps], seed);
  const [gradient] = grads;
  if (gradient === null || gradient === undefined)
    throw inputError(
      `The class scores do not depend on layer '${layer}'; choose an earlier layer.`,
    );

  const builder = new GraphBuilder(graph.nodes);
  const mean = { axes: [1, 2], keepDims: false };
  const overChannels = { axes: [3], keepDims: false };
  const alpha = builder.add("mean", "cam_alpha", [gradient], mean);
  const spread = builder.add("reshape", "cam_alpha_spread", [alpha], {
    shape: [null, 1, 1, builder.shape(alpha)[1] ?? null],
  });
  const weighted = builder.add("mul", "cam_weighted", [maps, spread]);
  const gradCam = builder.add("sum", "grad_cam", [weighted], overChannels);
  const product = builder.add("mul", "hires_product", [maps, gradient]);
  const hiResCam = builder.add("sum", "hires_cam", [product], overChannels);

  const needed = prune(builder.nodes, new Set([maps, seed]), [gradCam, hiResCam]);
  const inputs = new Set(scores.graph.inputs.map(({ node }) => node));
  const besides = needed.map(({ id }) => id).filter((id) => inputs.has(id));
  return { graph: { ...graph, nodes: builder.nodes }, seed, alpha, gradCam, hiResCam, besides };
}
