/** Names of layers: TensorFlow's converter joins the names of everything it fused, `a/conv1/Relu;a/bn1/FusedBatchNormV3;a/conv1/Conv2D`. */
import { append } from "../../base/append.ts";
import type { Layer } from "../../graph/index.ts";
import type { TfliteOperator, TfliteTensor } from "./types.ts";

/** Names that the converter joined; empty ones are left out. */
export const partsOf = (tensorName: string): string[] =>
  tensorName.split(";").filter((part) => part !== "");

/** Unique names, in the operators' order. */
export class LayerNames {
  private readonly taken = new Set<string>();
  private readonly counts = new Map<string, number>();

  /** The first part that is free, else the first one with a number. */
  unique(tensorName: string): string {
    const parts = partsOf(tensorName);
    const free = parts.find((part) => !this.taken.has(part));
    const base = parts[0] ?? tensorName;
    let name = free ?? base;
    for (let n = this.counts.get(base) ?? 1; this.taken.has(name); n++) {
      name = `${base}:${n}`;
      this.counts.set(base, n + 1);
    }
    this.taken.add(name);
    return name;
  }
  /** For an operator that became no layer. */
  release(name: string): void {
    this.taken.delete(name);
  }
}

/** What else a layer can be asked for by: its tensors' whole names and their parts. */
export function aliasesOf(
  operator: TfliteOperator,
  tensors: readonly TfliteTensor[],
  name: string,
): string[] {
  const all = operator.outputs.flatMap((index) => {
    const tensor = tensors[index];
    return tensor ? [tensor.name, ...partsOf(tensor.name)] : [];
  });
  return [...new Set(all)].filter((alias) => alias !== name);
}

/** Whether a tensor is called what the converter calls an output, which is no name of a layer. */
export const isCall = (tensorName: string): boolean =>
  /^(Stateful)?PartitionedCall(_\d+)?:\d+$/.test(tensorName);

const BATCH_NORM = /FusedBatchNorm|batch_?norm|(^|[/_])bn\d*(_|\/|$)/i;
/** Whether a convolution's name tells that a batch norm disappeared in it. */
export const foldsBatchNorm = (tensorName: string): boolean => BATCH_NORM.test(tensorName);

/** `model/block/conv1/Relu` -> `block/conv1` and `conv1`: the Keras layer that an operator comes from. */
const kerasNamesOf = (tensorName: string): string[] =>
  partsOf(tensorName).flatMap((part) => {
    const inside = part.split("/").slice(1, -1);
    const last = inside.at(-1);
    return last === undefined ? [] : [...new Set([inside.join("/"), last])];
  });

/** Layers with Keras' names among their aliases; a layer that became several operators is the last of them. */
export function withKerasNames(layers: readonly Layer[]): Layer[] {
  const owner = new Map<string, Layer>();
  const names = new Set(layers.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
  for (const layer of layers)
    for (const name of [layer.name, ...(layer.aliases ?? [])].flatMap(kerasNamesOf))
      if (!names.has(name)) owner.set(name, layer);
  const owned = new Map<Layer, string[]>();
  for (const [name, layer] of owner) append(owned, layer, name);
  return layers.map((layer) => {
    const own = owned.get(layer);
    return own ? { ...layer, aliases: [...(layer.aliases ?? []), ...own] } : layer;
  });
}
