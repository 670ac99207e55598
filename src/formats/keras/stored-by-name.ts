/** Parameters of a model given as one list: which of them belong to which layer. */
import { declaredWeights } from "./layers/index.ts";
import type { KerasLayer, KerasModel } from "./model.ts";
import { isTrainable, matched, type StoredWeight, type StoredWeights } from "./stored.ts";

interface Leaf {
  readonly layer: KerasLayer;
  /** Names of the models around it and its own. */
  readonly path: readonly string[];
}

/** By name (`inner/kernel:0`); where names do not tell (renamed layers), in the order in which Keras writes them. */
export function weightsByName(model: KerasModel, stored: readonly StoredWeight[]): StoredWeights {
  const leaves = leavesOf(model, []);
  const free = new Set(stored);
  const byName = new Map<KerasLayer, StoredWeight[]>();
  let complete = true;
  for (const { layer, path } of leaves) {
    const wanted = declaredWeights(layer);
    const own = closest([...free], path, wanted ?? []);
    const taken = wanted ? [...matched(own, wanted).values()] : own;
    complete &&= taken.length === (wanted ?? taken).length;
    for (const weight of taken) free.delete(weight);
    byName.set(layer, taken);
  }
  if (complete) {
    // what is left over is told with the layer whose name it has
    for (const { layer, path } of leaves) {
      const more = closest([...free], path, declaredWeights(layer) ?? []);
      for (const weight of more) free.delete(weight);
      byName.get(layer)?.push(...more);
    }
    return byName;
  }
  const slots = writtenOrder(leaves.map(({ layer }) => layer));
  if (slots?.length !== stored.length) return byName;
  const byOrder = new Map<KerasLayer, StoredWeight[]>(leaves.map(({ layer }) => [layer, []]));
  slots.forEach(({ leaf, name }, i) => {
    const weight = stored[i];
    if (weight) byOrder.get(leaf)?.push({ name, path: weight.path });
  });
  return byOrder;
}

function leavesOf(model: KerasModel, around: readonly string[]): Leaf[] {
  return model.layers.flatMap((layer) => {
    const path = [...around, layer.name];
    return layer.model ? leavesOf(layer.model, path) : [{ layer, path }];
  });
}

/**
 * The weights whose names agree best with a layer's path, counted from its end; then those with the shortest names. `wanted`: the layer's
 * own names for them, which may be those of layers within it (`query/kernel`).
 */
function closest(
  stored: readonly StoredWeight[],
  path: readonly string[],
  wanted: readonly string[],
): StoredWeight[] {
  const within = new Set([0, ...wanted.map((name) => name.split("/").length - 1)]);
  const rated = stored.flatMap((weight) => {
    const folders = (weight.name ?? "").split("/").slice(0, -1);
    const ranks = [...within].flatMap((depth) => {
      const parts = folders.slice(0, folders.length - depth);
      let agree = 0;
      while (agree < path.length && parts.at(-1 - agree) === path.at(-1 - agree)) agree++;
      return agree === 0 ? [] : [agree - parts.length / 1000];
    });
    return ranks.length === 0 ? [] : [{ weight, rank: Math.max(...ranks) }];
  });
  const best = Math.max(...rated.map(({ rank }) => rank));
  return rated.filter(({ rank }) => rank === best).map(({ weight }) => weight);
}

/** Trainable weights of all layers, then the others; null when a layer's weights are not known. */
function writtenOrder(leaves: readonly KerasLayer[]): { leaf: KerasLayer; name: string }[] | null {
  const trained: { leaf: KerasLayer; name: string }[] = [];
  const frozen: { leaf: KerasLayer; name: string }[] = [];
  for (const leaf of leaves) {
    const wanted = declaredWeights(leaf);
    if (!wanted) return null;
    for (const name of wanted) (isTrainable(leaf, name) ? trained : frozen).push({ leaf, name });
  }
  return [...trained, ...frozen];
}
