/** The parameters that a file keeps for each layer, by whatever names it has for them. */
import type { KerasLayer } from "./model.ts";

/** One parameter as the file lists it. */
export interface StoredWeight {
  /** Its own name in the file; null where the file only counts (`vars/0`). */
  readonly name: string | null;
  readonly path: string;
}
/** Which of them belong to which layer. */
export type StoredWeights = ReadonlyMap<KerasLayer, readonly StoredWeight[]>;

/** Stored weights by the names a layer wants: by name, and by position where versions of Keras name them differently. */
export function matched(
  stored: readonly StoredWeight[],
  wanted: readonly string[],
): Map<string, StoredWeight> {
  const byName = new Map<string, StoredWeight>();
  for (const name of wanted) {
    const same = stored.find((weight) => isNamed(weight, name));
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

const STATISTICS = ["moving_mean", "moving_variance", "mean", "variance", "count"];
/** Whether training changes it: statistics and frozen layers stay. */
export const isTrainable = (layer: KerasLayer, weight: string): boolean =>
  layer.trainable && !STATISTICS.includes(weight);

/** `attention/query/kernel:0` is `query/kernel`, and `kernel` */
const isNamed = ({ name }: StoredWeight, wanted: string): boolean =>
  `/${(name ?? "").replace(/:\d+$/, "")}`.endsWith(`/${wanted}`);

/** `conv1/kernel:0` -> `kernel` */
export const shortName = ({ name }: StoredWeight): string | null =>
  name === null ? null : (name.split("/").at(-1) ?? name).replace(/:\d+$/, "");
