/** A Keras model -> the graph: layers in execution order, each lowered to operations or shown as opaque. */
import type { ModelGraph } from "../../graph/index.ts";
import type { ReadOptions } from "../format.ts";
import { Lowering } from "./lowering.ts";
import type { KerasModel } from "./model.ts";
import type { KerasStore } from "./store.ts";
import type { StoredWeights } from "./stored.ts";
import { lowerModel } from "./wiring.ts";

export interface Origin {
  readonly format: string;
  readonly producer: string | null;
  /** Major version of Keras. */
  readonly version: number;
  readonly options: ReadOptions;
}

/** `stored` tells which of the store's parameters are whose; the graph's `weights.close()` closes the store. */
export function buildGraph(
  model: KerasModel,
  stored: StoredWeights,
  store: KerasStore,
  { format, producer, version, options }: Origin,
): ModelGraph {
  const lowering = new Lowering(stored, store, version, options.inputSize);
  const outputs = lowerModel(lowering, model, "", null);
  return {
    format,
    producer,
    inputs: lowering.inputs,
    outputs: outputs.map(({ node, layer }) => lowering.spec(layer ?? node, node)),
    nodes: lowering.nodes,
    layers: lowering.layers,
    weights: store,
    notes: [...lowering.notes],
  };
}
