/** Names as a file has them are shown in many places; here, where a file has been read, those that would do harm there are made harmless. */
import { plainText } from "../base/plain-text.ts";
import type { Layer, ModelGraph, TensorSpec } from "../graph/index.ts";

const MOST_WORDS = 2000;

/**
 * The graph with names, labels and notes that can be shown: nothing unseen in them and none endless; layers that would have one name then
 * are numbered. Addresses of weights and nodes stay.
 */
export function plainNames(graph: ModelGraph): ModelGraph {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { name } of graph.layers) {
    const plain = plainText(name);
    let own = plain;
    for (let i = 2; taken.has(own); i++) own = `${plain}~${i}`;
    taken.add(own);
    names.set(name, own);
  }
  const nameOf = (name: string): string => names.get(name) ?? plainText(name);
  const layer = (one: Layer): Layer => ({
    ...one,
    name: nameOf(one.name),
    className: plainText(one.className),
    inputs: one.inputs.map(nameOf),
    weights: one.weights.map((weight) => ({ ...weight, name: plainText(weight.name) })),
    opaque: one.opaque === null ? null : plainText(one.opaque, MOST_WORDS),
    ...(one.aliases && { aliases: one.aliases.map((alias) => plainText(alias)) }),
    ...(one.source && { source: { ...one.source, file: plainText(one.source.file) } }),
    ...(one.note !== undefined && { note: plainText(one.note, MOST_WORDS) }),
  });
  const spec = (one: TensorSpec): TensorSpec => ({ ...one, name: plainText(one.name) });
  return {
    ...graph,
    format: plainText(graph.format),
    producer: graph.producer === null ? null : plainText(graph.producer),
    inputs: graph.inputs.map(spec),
    outputs: graph.outputs.map(spec),
    layers: graph.layers.map(layer),
    notes: graph.notes.map((note) => plainText(note, MOST_WORDS)),
    ...(graph.pythonCode && { pythonCode: graph.pythonCode.map((name) => plainText(name)) }),
    ...(graph.labels && { labels: graph.labels.map((label) => plainText(label)) }),
    ...(graph.scaling && { scaling: { ...graph.scaling, why: plainText(graph.scaling.why) } }),
    ...(graph.notRunnable !== undefined && {
      notRunnable: plainText(graph.notRunnable, MOST_WORDS),
    }),
  };
}
