import type { LayerSummary } from "../../shared/contract/model.ts";

const SHOWN: ReadonlySet<LayerSummary["op"]> = new Set([
  "conv",
  "depthwise-conv",
  "transposed-conv",
  "activation",
  "merge",
]);
const MOST_ROWS = 40;

/** Layers for an early-to-deep look: those with maps, thinned evenly where there are many; first and last stay. */
export function overviewLayers(layers: readonly LayerSummary[]): string[] {
  const spatial = layers.filter(({ spatial: has, op }) => has && SHOWN.has(op));
  if (spatial.length <= MOST_ROWS) return spatial.map(({ name }) => name);
  const step = (spatial.length - 1) / (MOST_ROWS - 1);
  return Array.from({ length: MOST_ROWS }, (_, i) => spatial[Math.round(i * step)]?.name ?? "");
}
