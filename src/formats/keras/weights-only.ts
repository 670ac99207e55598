/** A file with weights and no network: its layers in the file's order, for the lenses that need nothing but filters. */
import { append } from "../../base/append.ts";
import type { Layer, ModelGraph, WeightStore } from "../../graph/index.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import { LAYER_CLASSES } from "./layers/index.ts";
import { Config } from "../json.ts";
import type { KerasLayer } from "./model.ts";
import { snakeCase } from "./naming.ts";
import {
  countedGroup,
  containerIn,
  legacyGroup,
  isBeside,
  names,
  MOST_GROUPS,
  visit,
  type Budget,
} from "./stored-in-h5.ts";
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
  const found = legacyLayers(file, root) ?? countedLayers(file, root, "", { groups: MOST_GROUPS });
  const layers = found.filter(({ stored }) => stored.length > 0);
  if (layers.length === 0) return null;
  const store = hdf5Store(file);
  return {
    format,
    producer,
    inputs: [],
    outputs: [],
    nodes: [],
    layers: unique(layers).map((layer) => asLayer(store, layer)),
    weights: weightStore(store),
    notes: [note],
  };
}

const weightStore = (store: KerasStore): WeightStore => ({
  read: (ref) => Promise.resolve().then(() => store.read(ref)),
  close: () => {
    store.close();
  },
});

/** `layer_names` tells the order; the weights of a nested model are told apart by the layer in their name. */
function legacyLayers(file: Hdf5File, root: string): Found[] | null {
  const listed = names(file, root === "" ? "/" : root, "layer_names");
  if (!listed) return null;
  return listed.flatMap((outer) => {
    const groups = new Map<string, StoredWeight[]>();
    for (const weight of legacyGroup(file, root, outer)) {
      const inner = weight.name?.split("/").at(-2) ?? outer;
      append(groups, inner, weight);
    }
    return [...groups].map(([inner, stored]) => ({
      name: groups.size === 1 ? outer : `${outer}/${inner}`,
      className: null,
      stored,
    }));
  });
}

/**
 * Groups are sorted by name in the file; where their numbers lie tells the order in which they were written. A subclassed model
 * has its layers under the names of its attributes, beside the container or without one.
 */
function countedLayers(file: Hdf5File, base: string, prefix: string, left: Budget): Found[] {
  visit(file, left);
  const container = containerIn(file, base);
  const inside = container === undefined ? [] : groupsIn(file, container);
  const beside = groupsIn(file, base).filter(({ path }) => path !== container);
  const layers = [...inside, ...beside].flatMap(({ path, key }) =>
    countedLayer(file, path, key, prefix, left),
  );
  return layers
    .map((layer) => ({ layer, at: start(file, layer) }))
    .sort((a, b) => a.at - b.at)
    .map(({ layer }) => layer);
}

const groupsIn = (file: Hdf5File, base: string): { path: string; key: string }[] =>
  file
    .keys(base === "" ? "/" : base)
    .map((key) => ({ path: `${base}/${key}`, key }))
    .filter(({ path, key }) => key !== "vars" && !isBeside(key) && file.kind(path) === "group");

function countedLayer(
  file: Hdf5File,
  path: string,
  key: string,
  prefix: string,
  left: Budget,
): Found[] {
  const vars = `${path}/vars`;
  const told = file.kind(vars) === "group" ? file.attribute(vars, "name") : null;
  const name = prefix + (typeof told === "string" ? told : key);
  const snake = key.replace(/_\d+$/, "");
  const className = LAYER_CLASSES.find((known) => snakeCase(known) === snake) ?? null;
  const own = countedGroup(file, path, "none", left);
  const isLayer = className !== null || own.length > 0;
  const nested =
    isLayer && containerIn(file, path) === undefined
      ? []
      : countedLayers(file, path, `${name}/`, left);
  if (nested.length > 0) return nested;
  return [{ name, className, stored: countedGroup(file, path, "all", left) }];
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
