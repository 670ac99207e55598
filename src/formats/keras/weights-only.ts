/** A file with weights and no network: its layers in the file's order, for the lenses that need nothing but filters. */
import type { Layer, ModelGraph } from "../../graph/index.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import { LAYER_CLASSES } from "./layers/index.ts";
import { Config } from "../json.ts";
import type { KerasLayer } from "./model.ts";
import { snakeCase } from "./naming.ts";
import { countedGroup, CONTAINERS, legacyGroup, names } from "./stored-in-h5.ts";
import { hdf5Store, type KerasStore } from "./store.ts";
import type { StoredWeight } from "./stored.ts";
import { LayerWeights } from "./weights.ts";

interface Found {
  readonly name: string;
  /** Null where the file does not tell. */
  readonly className: string | null;
  readonly stored: readonly StoredWeight[];
}

/** Null when the file holds no weights that Keras wrote. */
export function readWeightsOnly(
  file: Hdf5File,
  root: string,
  note: string,
  format: string,
  producer: string | null,
): ModelGraph | null {
  const found = legacyLayers(file, root) ?? countedLayers(file, root, "");
  const layers = found?.filter(({ stored }) => stored.length > 0) ?? [];
  if (layers.length === 0) return null;
  const store = hdf5Store(file);
  return {
    format,
    producer,
    inputs: [],
    outputs: [],
    nodes: [],
    layers: unique(layers).map((layer) => asLayer(store, layer)),
    weights: store,
    notes: [note],
  };
}

/** `layer_names` tells the order; the weights of a nested model are told apart by the layer in their name. */
function legacyLayers(file: Hdf5File, root: string): Found[] | null {
  const listed = names(file, root === "" ? "/" : root, "layer_names");
  if (!listed) return null;
  return listed.flatMap((outer) => {
    const groups = new Map<string, StoredWeight[]>();
    for (const weight of legacyGroup(file, root, outer)) {
      const inner = weight.name?.split("/").at(-2) ?? outer;
      groups.set(inner, [...(groups.get(inner) ?? []), weight]);
    }
    return [...groups].map(([inner, stored]) => ({
      name: groups.size === 1 ? outer : `${outer}/${inner}`,
      className: null,
      stored,
    }));
  });
}

/** Groups are sorted by name in the file; where their numbers lie tells the order in which they were written. */
function countedLayers(file: Hdf5File, base: string, prefix: string): Found[] | null {
  const container = CONTAINERS.map((name) => `${base}/${name}`).find(
    (path) => file.kind(path) === "group",
  );
  if (container === undefined) return null;
  return file
    .keys(container)
    .filter((key) => file.kind(`${container}/${key}`) === "group")
    .flatMap((key): Found[] => {
      const path = `${container}/${key}`;
      const vars = `${path}/vars`;
      const told = file.kind(vars) === "group" ? file.attribute(vars, "name") : null;
      const name = prefix + (typeof told === "string" ? told : key);
      const nested = countedLayers(file, path, `${name}/`);
      if (nested) return nested;
      const className = LAYER_CLASSES.find(
        (known) => snakeCase(known) === key.replace(/_\d+$/, ""),
      );
      return [{ name, className: className ?? null, stored: countedGroup(file, path, true) }];
    })
    .map((layer) => ({ layer, at: start(file, layer) }))
    .sort((a, b) => a.at - b.at)
    .map(({ layer }) => layer);
}

function start(file: Hdf5File, { stored }: Found): number {
  const [first] = stored;
  return first ? (file.position(first.path) ?? Infinity) : Infinity;
}

function asLayer(store: KerasStore, { name, className, stored }: Found): Layer {
  const guessed = className ?? guess(store, stored);
  const useBias = stored.length > 1;
  const weights = new LayerWeights(keras(name, guessed, useBias), stored, store).infos();
  const known = weights.length === stored.length;
  return {
    name,
    className: guessed,
    nodes: [],
    output: null,
    preActivation: null,
    inputs: [],
    weights: known ? weights : new LayerWeights(keras(name, "", false), stored, store).infos(),
    opaque: null,
  };
}

const keras = (name: string, className: string, useBias: boolean): KerasLayer => ({
  name,
  className,
  config: new Config({ use_bias: useBias }),
  trainable: true,
  calls: [],
  buildShape: null,
  model: null,
  quantized: false,
});

function guess(store: KerasStore, stored: readonly StoredWeight[]): string {
  const own = stored.map(({ name }) => name?.split("/").at(-1)?.replace(/:\d+$/, ""));
  if (own.includes("moving_mean")) return "BatchNormalization";
  if (own.includes("pointwise_kernel")) return "SeparableConv2D";
  if (own.includes("depthwise_kernel")) return "DepthwiseConv2D";
  const ranks = stored.map(({ path }) => store.describe(path).shape.length);
  const rank = Math.max(...ranks);
  return { 4: "Conv2D", 3: "Conv1D", 2: "Dense" }[rank] ?? "Layer";
}

function unique(layers: readonly Found[]): Found[] {
  const uses = new Map<string, number>();
  return layers.map((layer) => {
    const n = uses.get(layer.name) ?? 0;
    uses.set(layer.name, n + 1);
    return n === 0 ? layer : { ...layer, name: `${layer.name}:${n}` };
  });
}
