import path from "node:path";
import { plainText } from "../../base/plain-text.ts";
import { modelFiles } from "../../formats/index.ts";
import { parametersIn, summariseLayers } from "../../methods/inspect/index.ts";
import type { LayerSummary, ModelSummary } from "../../shared/contract/model.ts";
import { type ModelGraph, pictureInputs, type TensorSpec } from "../../graph/index.ts";

/** Layers that methods take by themselves, which follow from the outputs' kinds. */
type ChosenLayer = "camLayer" | "attentionLayer";
/** What follows from the file alone; labels and preprocessing, which a person may change, are added by the model. */
export type StaticSummary = Omit<
  ModelSummary,
  | "besides"
  | "structure"
  | "preprocessing"
  | "labels"
  | "warnings"
  | "outputs"
  | "classes"
  | ChosenLayer
>;

/** What the panel and `convlens inspect` tell. */
export function summarise(file: string, graph: ModelGraph): StaticSummary {
  const layers = summariseLayers(graph);
  return {
    path: file,
    name: plainText(path.basename(file)),
    format: graph.format,
    producer: graph.producer,
    bytes: modelFiles(file).reduce((sum, { size }) => sum + size, 0),
    inputs: graph.inputs.map(asInFile),
    pictures: pictureInputs(graph).map(({ name }) => name),
    layers,
    totals: totals(graph, layers),
    notes: graph.notes,
    pythonCode: graph.pythonCode ?? [],
    notRunnable: whyNotRunnable(graph),
    firstKernel: layers.find(({ hasKernel }) => hasKernel)?.name ?? null,
  };
}

const asInFile = ({ name, shape, fileShape }: TensorSpec): ModelSummary["inputs"][number] => ({
  name,
  shape: fileShape ?? shape,
});

function totals(graph: ModelGraph, layers: readonly LayerSummary[]): ModelSummary["totals"] {
  const counted = new Set<string>();
  let [params, trainable] = [0, 0];
  // a shared layer's weights count once
  for (const { weights } of graph.layers)
    for (const weight of weights) {
      if (counted.has(weight.ref)) continue;
      counted.add(weight.ref);
      params += parametersIn(weight);
      if (weight.trainable) trainable += parametersIn(weight);
    }
  return { params, trainable, macs: layers.reduce((sum, { macs }) => sum + macs, 0) };
}

function whyNotRunnable(graph: ModelGraph): string | null {
  if (graph.notRunnable !== undefined) return graph.notRunnable;
  if (graph.nodes.length === 0 || graph.inputs.length === 0)
    return "The file holds weights without the network's structure: filters can be seen, nothing can be run.";
  return null;
}
