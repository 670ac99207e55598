import type { Control } from "../../shared/control.ts";
import { breathe } from "../../base/errors.ts";
import type { Layer, ModelGraph, WeightInfo } from "../../graph/index.ts";
import { asFloats } from "../../base/tensor.ts";

/** How far one layer's kernel moved between two checkpoints. */
export interface WeightChange {
  readonly layer: string;
  /** |w - w'| / |w'|, L2 norms over the layer's largest parameter; 0 where both are 0. */
  readonly relative: number;
}

/**
 * How far the kernels of two checkpoints of one network lie apart, layer by layer. Layers are matched by name; those that only one of
 * them has, or in another shape, are left out. Weights are read from the files one layer at a time.
 */
export async function weightChange(
  before: ModelGraph,
  after: ModelGraph,
  { signal }: Pick<Control, "signal">,
): Promise<WeightChange[]> {
  const known = new Map(before.layers.map((layer) => [layer.name, layer]));
  const changes: WeightChange[] = [];
  for (const layer of after.layers) {
    const [now, then] = [largest(layer), largest(known.get(layer.name))];
    if (!now || !then || now.shape.join() !== then.shape.join()) continue;
    const a = asFloats(await after.weights.read(now.ref)).data;
    const b = asFloats(await before.weights.read(then.ref)).data;
    changes.push({ layer: layer.name, relative: relativeDistance(a, b) });
    await breathe(signal);
  }
  return changes;
}

/** A layer's kernel: its parameter with the most numbers, if that is more than a vector. */
function largest(layer: Layer | undefined): WeightInfo | null {
  const sized = (layer?.weights ?? []).filter(({ shape }) => shape.length > 1);
  const size = ({ shape }: WeightInfo): number =>
    shape.reduce((product, axis) => product * axis, 1);
  return [...sized].sort((a, b) => size(b) - size(a))[0] ?? null;
}

/** |a - b| / |b|. */
export function relativeDistance(a: Float32Array, b: Float32Array): number {
  let [distance, norm] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    distance += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
    norm += (b[i] ?? 0) ** 2;
  }
  return distance === 0 ? 0 : Math.sqrt(distance / (norm || 1));
}
