import type { LayerSummary } from "../../shared/contract/model.ts";
import { prune, type Layer } from "../../graph/index.ts";
import type { Scores } from "../types.ts";

const CARRIES_FEATURES: ReadonlySet<LayerSummary["op"]> = new Set([
  "conv",
  "depthwise-conv",
  "transposed-conv",
  "norm",
  "activation",
  "merge",
]);

/**
 * The layer Grad-CAM takes by itself: the last one that still has positions (H, W > 1), is a convolution, norm, activation
 * or merge, and that the class scores depend on. Null when there is none.
 */
export function camLayer(
  scores: Scores,
  layers: readonly Layer[],
  summaries: readonly LayerSummary[],
): { name: string; why: string } | null {
  const before = new Set(prune(scores.graph.nodes, new Set(), [scores.logits]).map(({ id }) => id));
  for (let i = layers.length - 1; i >= 0; i--) {
    const [layer, summary] = [layers[i], summaries[i]];
    if (!layer || !summary || layer.output === null || !before.has(layer.output)) continue;
    if (!summary.spatial || !CARRIES_FEATURES.has(summary.op)) continue;
    const [, height, width] = summary.mapShape ?? [];
    return {
      name: layer.name,
      why: `the last layer with positions (${height} x ${width}) that the class scores depend on`,
    };
  }
  return null;
}
