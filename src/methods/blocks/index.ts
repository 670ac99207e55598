/**
 * Which layers of a network belong together, so that thousands can be drawn as a few: by the names that the file has for its modules
 * (`modules.ts`), by what is repeated (`repeats.ts`), and, where neither says anything, by the size of the maps (`stages.ts`).
 */
import type { GraphBlock, GraphItem, NetworkGraph } from "../../shared/contract/graph.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { moduleBlocks } from "./modules.ts";
import { withRepeats } from "./repeats.ts";
import { withStages } from "./stages.ts";
import type { Group, Item } from "./types.ts";
import { wiringOf } from "./wiring.ts";

/** How the layers of a summary feed each other, in blocks. Every layer is in exactly one block. */
export function networkGraph(layers: readonly LayerSummary[]): NetworkGraph {
  const wiring = wiringOf(layers);
  const named = moduleBlocks(layers, wiring);
  const [only] = named;
  const top = named.length === 1 && typeof only === "object" ? only.items : named;
  const repeated = withRepeats(top, layers, wiring);
  const items = withStages(repeated, layers);
  return { edges: wiring.edges, network: numbered({ kind: "network", label: "", items }) };
}

function numbered(network: Group): GraphBlock {
  let next = 0;
  const block = ({ kind, label, items }: Group): GraphBlock => ({
    ...{ id: next++, kind, label, items: items.map(item) },
  });
  const item = (one: Item): GraphItem => (typeof one === "number" ? one : block(one));
  return block(network);
}
