import type { Layer, ModelGraph } from "../../graph/index.ts";
import { kernelWeight } from "../filters/index.ts";

/** The layer itself, or the convolution before an activation (and norm) that has a layer of its own; null where there is none. */
export function kernelLayer(graph: ModelGraph, layer: Layer): Layer | null {
  if (kernelWeight(layer)) return layer;
  const [only, ...others] = layer.inputs;
  const before = graph.layers.find(({ name }) => name === only);
  const passes = /^(Activation|ReLU|LeakyReLU|ELU|PReLU|BatchNormalization|Dropout)$/;
  return before && others.length === 0 && passes.test(layer.className)
    ? kernelLayer(graph, before)
    : null;
}
