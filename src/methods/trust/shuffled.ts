import { prune, type ModelGraph, type NodeId, type WeightStore } from "../../graph/index.ts";
import type { TensorData } from "../../base/tensor.ts";
import { Random } from "../random.ts";

/** A layer's parameters, by their addresses in the weight store. */
export interface Parameters {
  readonly layer: string;
  readonly refs: readonly string[];
}

/** The layers whose parameters `scores` depends on, from the last to the first; shared parameters belong to the last layer. */
export function parametersOf(graph: ModelGraph, scores: NodeId): Parameters[] {
  const needed = prune(graph.nodes, new Set(), [scores]);
  const refOf = new Map(
    needed.flatMap((node) => (node.op === "weight" ? [[node.id, node.attrs.ref] as const] : [])),
  );
  const layerOf = new Map(graph.layers.flatMap(({ name, nodes }) => nodes.map((id) => [id, name])));
  const found = new Map<string, string[]>();
  const taken = new Set<string>();
  for (const node of needed.toReversed())
    for (const input of node.inputs) {
      const ref = refOf.get(input);
      if (ref === undefined || taken.has(ref)) continue;
      taken.add(ref);
      const layer = layerOf.get(node.id) ?? layerOf.get(input) ?? ref;
      found.set(layer, [...(found.get(layer) ?? []), ref]);
    }
  return [...found].map(([layer, refs]) => ({ layer, refs }));
}

/**
 * The weights with the values of `refs` shuffled, each tensor within itself: the same distribution, nothing of what was learned.
 * The same seed shuffles a tensor the same way, whichever others are shuffled too.
 */
export function shuffledWeights(
  weights: WeightStore,
  refs: readonly string[],
  seed: number,
): WeightStore {
  const order = new Map(refs.map((ref, i) => [ref, i]));
  return {
    read: async (ref) => {
      const value = await weights.read(ref);
      const at = order.get(ref);
      return at === undefined ? value : shuffle(value, new Random(seed + 7919 * (at + 1)));
    },
    close: () => undefined,
  };
}

/** Fisher and Yates. */
function shuffle(value: TensorData, random: Random): TensorData {
  const data = value.data.slice();
  for (let i = data.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [data[i], data[j]] = [data[j] ?? 0, data[i] ?? 0];
  }
  return { ...value, data };
}
