import { at } from "../../base/at.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import type { Layer } from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { overviewLayers } from "../activations/overview-layers.ts";
import { channelMap } from "../channel-map.ts";
import { forward } from "../forward.ts";
import type { Subject } from "../types.ts";

const SHOWN = 8;

/** A feature map of two inputs. */
export interface ChangedMap {
  readonly layer: string;
  readonly channel: number;
  /** The L2 norm of the difference, relative to the norm of the layer's strongest map. */
  readonly change: number;
  /** [height, width] of the map. */
  readonly size: readonly [number, number];
  readonly before: Float32Array;
  readonly after: Float32Array;
}

/**
 * The feature maps that two inputs [1, H, W, C] differ in most: the L2 norm of the difference relative to the norm of the layer's
 * strongest map, so that layers can be compared.
 */
export async function changedMaps(
  subject: Subject,
  summaries: readonly LayerSummary[],
  layers: readonly Layer[],
  before: FloatTensor,
  after: FloatTensor,
): Promise<ChangedMap[]> {
  const shown = new Set(overviewLayers(summaries));
  const watched = layers.filter(({ name, output }) => shown.has(name) && output !== null);
  const nodes = watched.flatMap(({ output }) => output ?? []);
  const data = new Float32Array(2 * before.data.length);
  data.set(before.data);
  data.set(after.data, before.data.length);
  const both: FloatTensor = { dtype: "float32", shape: [2, ...before.shape.slice(1)], data };
  const values = await forward(subject, [both], nodes);
  return values
    .flatMap((value, i) =>
      perChannel(value).map((change, channel) => ({ i, value, channel, change })),
    )
    .sort((a, b) => b.change - a.change)
    .slice(0, SHOWN)
    .map(({ i, value, channel, change }) => {
      const { shape } = value;
      const size = [at(shape, 1), at(shape, 2)] as const;
      const [first, second] = [channelMap(value, channel, 0), channelMap(value, channel, 1)];
      return { layer: at(watched, i).name, channel, change, size, before: first, after: second };
    });
}

function perChannel({ shape, data }: FloatTensor): number[] {
  const channels = at(shape, -1);
  const half = data.length / 2;
  const difference = new Float64Array(channels);
  const norm = new Float64Array(channels);
  for (let i = 0; i < half; i++) {
    const k = i % channels;
    const [a, b] = [data[i] ?? NaN, data[half + i] ?? NaN];
    difference[k] = (difference[k] ?? NaN) + (a - b) ** 2;
    norm[k] = (norm[k] ?? NaN) + a ** 2;
  }
  const strongest = Math.sqrt(norm.reduce((a, b) => Math.max(a, b), 1e-12));
  return Array.from(difference, (value) => Math.sqrt(value) / strongest);
}
