import type { LayerSummary } from "../../shared/contract/model.ts";

const MAPS: ReadonlySet<LayerSummary["op"]> = new Set([
  "conv",
  "depthwise-conv",
  "transposed-conv",
  "activation",
  "merge",
]);
const MOST_ROWS = 40;
const FEWEST_ROWS = 3;

/**
 * Layers for an early-to-deep look, thinned evenly where there are many; first and last stay. What comes out of activation
 * functions and merges is shown, not the linear steps before; all convolutions where a network has hardly any of those.
 */
export function overviewLayers(layers: readonly LayerSummary[]): string[] {
  const spatial = layers.filter((layer) => layer.spatial && MAPS.has(layer.op));
  const features = spatial.filter(({ activated, op }) => activated || op === "merge");
  const shown = features.length >= FEWEST_ROWS ? features : spatial;
  if (shown.length <= MOST_ROWS) return shown.map(({ name }) => name);
  const step = (shown.length - 1) / (MOST_ROWS - 1);
  return Array.from({ length: MOST_ROWS }, (_, i) => shown[Math.round(i * step)]?.name ?? "");
}
