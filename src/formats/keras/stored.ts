/** Which stored data sets belong to which layer. Nothing is read here but names. */
import type { Hdf5File } from "../hdf5/file.ts";
import { declaredWeights } from "./layers/index.ts";
import type { KerasLayer, KerasModel } from "./model.ts";
import { snakeCase } from "./naming.ts";

export interface StoredWeight {
  /** Its own name in the file; null where the file only counts (`vars/0`). */
  readonly name: string | null;
  readonly path: string;
}
export type StoredWeights = ReadonlyMap<KerasLayer, readonly StoredWeight[]>;

/** A list attribute; a long one is kept in pieces: `weight_names0`, `weight_names1`, ... */
export function names(file: Hdf5File, path: string, attribute: string): string[] | null {
  const whole = file.attribute(path, attribute);
  if (whole !== null) return [whole].flat();
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = file.attribute(path, `${attribute}${i}`);
    if (part === null) return i === 0 ? null : parts;
    parts.push(...[part].flat());
  }
}

/** The weights of one layer's group in an `.h5` file: a nested model has all of its own here. */
export function legacyGroup(file: Hdf5File, root: string, layer: string): StoredWeight[] {
  const group = `${root}/${layer}`;
  if (file.kind(group) !== "group") return [];
  return (names(file, group, "weight_names") ?? []).map((name) => ({
    name,
    path: `${group}/${name}`,
  }));
}

/** `.h5` as `model.save("x.h5")` writes it, in all versions of Keras: `root/<layer>/<weight name>`. */
export function legacyWeights(file: Hdf5File, root: string, model: KerasModel): StoredWeights {
  const found = new Map<KerasLayer, readonly StoredWeight[]>();
  for (const layer of model.layers) {
    const stored = legacyGroup(file, root, layer.name);
    if (!layer.model) found.set(layer, stored);
    else for (const [inner, own] of nestedWeights(layer.model, stored)) found.set(inner, own);
  }
  return found;
}

interface Leaf {
  readonly layer: KerasLayer;
  /** Names of the models around it and its own. */
  readonly path: readonly string[];
}

/** By name (`inner/kernel:0`); where names do not tell (renamed layers), in the order in which Keras writes them. */
function nestedWeights(model: KerasModel, stored: readonly StoredWeight[]): StoredWeights {
  const leaves = leavesOf(model, []);
  const free = new Set(stored);
  const byName = new Map<KerasLayer, StoredWeight[]>();
  let complete = true;
  for (const { layer, path } of leaves) {
    const own = closest([...free], path);
    const wanted = declaredWeights(layer);
    const taken = wanted ? [...matched(own, wanted).values()] : own;
    complete &&= taken.length === (wanted ?? taken).length;
    for (const weight of taken) free.delete(weight);
    byName.set(layer, taken);
  }
  if (complete) return byName;
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

/** The weights whose names agree best with a layer's path, counted from its end; then those with the shortest names. */
function closest(stored: readonly StoredWeight[], path: readonly string[]): StoredWeight[] {
  const rated = stored.flatMap((weight) => {
    const parts = (weight.name ?? "").split("/").slice(0, -1);
    let agree = 0;
    while (agree < path.length && parts.at(-1 - agree) === path.at(-1 - agree)) agree++;
    return agree === 0 ? [] : [{ weight, rank: agree - parts.length / 1000 }];
  });
  const best = Math.max(...rated.map(({ rank }) => rank));
  return rated.filter(({ rank }) => rank === best).map(({ weight }) => weight);
}

/** Stored weights by the names a layer wants: by name, and by position where versions of Keras name them differently. */
export function matched(
  stored: readonly StoredWeight[],
  wanted: readonly string[],
): Map<string, StoredWeight> {
  const byName = new Map<string, StoredWeight>();
  for (const name of wanted) {
    const same = stored.find((weight) => shortName(weight) === name);
    if (same) byName.set(name, same);
  }
  const taken = new Set(byName.values());
  const found = new Map<string, StoredWeight>();
  wanted.forEach((name, i) => {
    const placed = stored[i];
    const weight = byName.get(name) ?? (placed && !taken.has(placed) ? placed : undefined);
    if (weight) found.set(name, weight);
  });
  return found;
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

const STATISTICS = ["moving_mean", "moving_variance", "mean", "variance", "count"];
export const isTrainable = (layer: KerasLayer, weight: string): boolean =>
  layer.trainable && !STATISTICS.includes(weight);

/** `conv1/kernel:0` -> `kernel` */
export const shortName = ({ name }: StoredWeight): string | null =>
  name === null ? null : (name.split("/").at(-1) ?? name).replace(/:\d+$/, "");

export const CONTAINERS = ["layers", "_layer_checkpoint_dependencies"];

/** `model.weights.h5` inside `.keras`: `layers/<class>_<n>/vars/<i>`, counted per container over its list of layers. */
export function countedWeights(file: Hdf5File, base: string, model: KerasModel): StoredWeights {
  const found = new Map<KerasLayer, readonly StoredWeight[]>();
  const container = CONTAINERS.map((name) => `${base}/${name}`).find(
    (path) => file.kind(path) === "group",
  );
  if (container === undefined) return found;
  const uses = new Map<string, number>();
  for (const layer of model.layers) {
    const name = snakeCase(layer.className);
    const n = uses.get(name) ?? 0;
    uses.set(name, n + 1);
    const path = `${container}/${n === 0 ? name : `${name}_${n}`}`;
    if (file.kind(path) !== "group") continue;
    if (!layer.model) found.set(layer, countedGroup(file, path, declaredWeights(layer) === null));
    else for (const [inner, own] of countedWeights(file, path, layer.model)) found.set(inner, own);
  }
  return found;
}

/** A layer's `vars`; of a layer that is not known, also those of the layers inside it. */
export function countedGroup(file: Hdf5File, path: string, deep: boolean): StoredWeight[] {
  const vars = `${path}/vars`;
  const own =
    file.kind(vars) === "group"
      ? file
          .keys(vars)
          .sort((a, b) => Number(a) - Number(b))
          .map((key) => ({ name: null, path: `${vars}/${key}` }))
      : [];
  const inner = deep
    ? file
        .keys(path)
        .filter((key) => key !== "vars" && file.kind(`${path}/${key}`) === "group")
        .flatMap((key) => countedGroup(file, `${path}/${key}`, true))
    : [];
  return [...own, ...inner];
}
