/** The two layouts of HDF5 files that Keras writes. Nothing is read here but names. */
import type { Hdf5File } from "../hdf5/file.ts";
import { declaredWeights } from "./layers/index.ts";
import type { KerasLayer, KerasModel } from "./model.ts";
import { snakeCase } from "./naming.ts";
import { weightsByName } from "./stored-by-name.ts";
import type { StoredWeight, StoredWeights } from "./stored.ts";

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
    else for (const [inner, own] of weightsByName(layer.model, stored)) found.set(inner, own);
  }
  return found;
}

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
