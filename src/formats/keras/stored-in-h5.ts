/** The two layouts of HDF5 files that Keras writes. Nothing is read here but names. */
import { inputError } from "../../base/errors.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import { declaredWeights, isAround } from "./layers/index.ts";
import { isStepwise, type KerasLayer, type KerasModel } from "./model.ts";
import { storedName } from "./naming.ts";
import { weightsByName } from "./stored-by-name.ts";
import type { StoredWeight, StoredWeights } from "./stored.ts";

/** Whether a group is what a training keeps beside its network. */
export const isBeside = (group: string): boolean =>
  /^(_?optimizer|optimizer_weights|_?(compile_)?metrics?(_tracker)?|_?loss(_tracker)?)$/.test(
    group,
  );

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

const CHECKPOINT = "_layer_checkpoint_dependencies";
/** The group that holds a model's layers: of Keras 3, or of Keras 2's `.keras`. */
export const containerIn = (file: Hdf5File, base: string): string | undefined =>
  ["layers", CHECKPOINT]
    .map((name) => `${base}/${name}`)
    .find((path) => file.kind(path) === "group");

/** `model.weights.h5` inside `.keras`: `layers/<class>_<n>/vars/<i>`, counted per container over its list of layers. */
export function countedWeights(file: Hdf5File, base: string, model: KerasModel): StoredWeights {
  const found = new Map<KerasLayer, readonly StoredWeight[]>();
  const container = containerIn(file, base);
  if (container === undefined) return found;
  const uses = new Map<string, number>();
  for (const layer of model.layers) {
    const name = storedName(layer.className);
    const n = uses.get(name) ?? 0;
    const path = `${container}/${n === 0 ? name : `${name}_${n}`}`;
    const group = file.kind(path) === "group";
    // Keras 2.12 to 2.14 list a layer with weights a second time, where nothing is left to be written
    const twice =
      container.endsWith(CHECKPOINT) && group && countedGroup(file, path, "all").length > 0;
    uses.set(name, n + (twice ? 2 : 1));
    if (!group) continue;
    if (!layer.model) found.set(layer, countedGroup(file, path, innerNames(layer)));
    else {
      const base = isStepwise(layer.className) ? `${path}/layer` : path;
      for (const [inner, own] of countedWeights(file, base, layer.model)) found.set(inner, own);
    }
  }
  return found;
}

/** How many groups may still be looked into: links can lead back to where they come from. */
export interface Budget {
  groups: number;
}
/** More HDF5 groups than a network has layers. */
export const MOST_GROUPS = 20_000;
/** Throws a ConvLensError of kind `input` where a file has more groups than a network has layers. */
export function visit(file: Hdf5File, left: Budget): void {
  if (left.groups-- <= 0)
    throw inputError(
      `'${file.name}' holds more than ${MOST_GROUPS} groups, which no network does.`,
    );
}

/** Whether the weights of layers inside one are its own: with names (`query/kernel`), without, or not at all. */
type Inner = "named" | "all" | "none";
function innerNames(layer: KerasLayer): Inner {
  const names = declaredWeights(layer);
  return !names || isAround(layer)
    ? "all"
    : names.some((name) => name.includes("/"))
      ? "named"
      : "none";
}
/** Attention's projections by the groups that hold them: `query_dense` (Keras 3), `_query_dense` (Keras 2). */
const partName = (group: string): string =>
  group
    .replace(/^_/, "")
    .replace(/_dense$/, "")
    .replace(/^output$/, "attention_output");

/** A layer's `vars`, and those of the layers inside it where they are its own. */
export function countedGroup(
  file: Hdf5File,
  path: string,
  inside: Inner,
  left: Budget = { groups: MOST_GROUPS },
): StoredWeight[] {
  visit(file, left);
  const vars = `${path}/vars`;
  const own =
    file.kind(vars) === "group"
      ? file
          .keys(vars)
          .sort((a, b) => Number(a) - Number(b))
          .map((key) => ({ name: null, path: `${vars}/${key}` }))
      : [];
  if (inside === "none") return own;
  const groups = file
    .keys(path)
    .filter((key) => key !== "vars" && file.kind(`${path}/${key}`) === "group")
    .sort((a, b) => Number(b === "forward_layer") - Number(a === "forward_layer"));
  const inner = groups.flatMap((key) => {
    const weights = countedGroup(file, `${path}/${key}`, inside, left);
    if (inside === "all") return weights;
    const [kernel, bias] = ["kernel", "bias"].map((name) => `${partName(key)}/${name}`);
    return weights.map((weight, i) => ({ ...weight, name: (i === 0 ? kernel : bias) ?? null }));
  });
  return [...own, ...inner];
}
