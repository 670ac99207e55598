/** A Keras model -> the graph: layers in execution order, each lowered to operations or shown as opaque. */
import type { ModelGraph } from "../../graph/index.ts";
import type { ReadOptions } from "../format.ts";
import { Assembly } from "./assembly.ts";
import { pictureOrder } from "./inputs.ts";
import type { KerasModel } from "./model.ts";
import type { KerasStore } from "./store.ts";
import type { StoredWeights } from "./stored.ts";
import { lowerModel } from "./wiring.ts";

/** Where a model comes from, for what is said about it. */
export interface Origin {
  readonly format: string;
  readonly producer: string | null;
  /** Major version of Keras. */
  readonly version: number;
  /** Names of the layers that hold Python code. */
  readonly pythonCode: readonly string[];
  readonly options: ReadOptions;
}

const CODE_NOTE =
  "Loading this file in Keras can run Python code that it holds or names, with your rights; nothing of it is run here.";

/** `stored` tells which of the store's parameters are whose; the graph's `weights.close()` closes the store. */
export function buildGraph(
  model: KerasModel,
  stored: StoredWeights,
  store: KerasStore,
  { format, producer, version, pythonCode, options }: Origin,
): ModelGraph {
  const first = pictureOrder(model) === "channels_first";
  const assembly = new Assembly(stored, store, version, options.inputSize, first);
  const outputs = lowerModel(assembly, model, "", null);
  return {
    format,
    producer,
    inputs: assembly.inputs,
    outputs: outputs.map(({ value, layer }, i) => assembly.output(layer ?? `output_${i}`, value)),
    nodes: assembly.network.builder.nodes,
    layers: assembly.layers,
    weights: assembly.network.store(() => {
      store.close();
    }),
    notes: [...(pythonCode.length > 0 ? [CODE_NOTE] : []), ...assembly.notes],
    pythonCode,
  };
}
