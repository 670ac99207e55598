import { at } from "../../base/at.ts";
import type { GraphEdge } from "../../shared/contract/graph.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";

/** What feeds what, by places in the list of layers. */
export interface Wiring {
  readonly edges: readonly GraphEdge[];
  /** Of each layer, the layers that feed it, each once. */
  readonly inputs: readonly (readonly number[])[];
  /** Of each layer, its place in an order of execution; that of the list wherever it is one. */
  readonly rank: readonly number[];
  /** The layer at each place of that order. */
  readonly order: readonly number[];
}

/** The wires between layers; an input that is no layer of the list (a constant) is none. */
export function wiringOf(layers: readonly Pick<LayerSummary, "name" | "inputs">[]): Wiring {
  const places = new Map(layers.map(({ name }, place) => [name, place]));
  const inputs = layers.map((layer, to) => {
    const known = layer.inputs.flatMap((name) => places.get(name) ?? []);
    return [...new Set(known)].filter((from) => from !== to);
  });
  const edges = inputs.flatMap((list, to) => list.map((from) => ({ from, to })));
  const order = executionOrder(inputs);
  const rank = new Array<number>(layers.length).fill(0);
  order.forEach((layer, place) => (rank[layer] = place));
  return { edges, inputs, rank, order };
}

/** What feeds a layer comes before it; what goes in a circle (no network that is run does) comes as it stands in the list. */
function executionOrder(inputs: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const state = new Uint8Array(inputs.length); // 1: begun, 2: done
  for (let first = 0; first < inputs.length; first++) {
    const stack = [first];
    while (stack.length > 0) {
      const layer = at(stack, -1);
      const waits = state[layer] === 0 ? at(inputs, layer).filter((from) => state[from] === 0) : [];
      if (state[layer] === 0) state[layer] = 1;
      if (waits.length > 0) {
        stack.push(...waits.toReversed());
        continue;
      }
      stack.pop();
      if (state[layer] === 2) continue;
      state[layer] = 2;
      order.push(layer);
    }
  }
  return order;
}
