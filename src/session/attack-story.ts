import { changedMaps } from "../methods/attack/changed-maps.ts";
import { upsample } from "../methods/cam/index.ts";
import type { FloatTensor } from "../base/tensor.ts";
import { pictureInput, pictureSize } from "./run/feed.ts";
import type { Runner } from "./run/runner.ts";

/** What an attack changes inside the network. */
export interface AttackStory {
  /** Grad-CAM of one class [H, W], upsampled and unscaled, before and after; null where no layer has positions. */
  readonly cams: readonly [before: Float32Array, after: Float32Array] | null;
  readonly camLayer: string | null;
  /** The feature maps that changed most, strongest first. */
  readonly changed: readonly { layer: string; channel: number; change: number }[];
}

/** Compares two inputs [1, H, W, C]; the heat maps are of `classIndex`. */
export async function attackStory(
  runner: Runner,
  classIndex: number,
  before: FloatTensor,
  after: FloatTensor,
): Promise<AttackStory> {
  const { model } = runner;
  const [height, width] = pictureSize(pictureInput(model.graph));
  const auto = model.summary.camLayer;
  const heat = async (input: FloatTensor, name: string): Promise<Float32Array> => {
    if (!auto) return new Float32Array();
    const fed = { key: `attack ${performance.now()} ${name}`, inputs: [input] };
    const [map] = await runner.cam(fed, model.layer(auto.name), [classIndex], "grad-cam");
    const [h = 1, w = 1] = map?.raw.shape ?? [];
    return map ? upsample(map.raw.data, [h, w], [height, width]) : new Float32Array();
  };
  return {
    cams: auto ? [await heat(before, "before"), await heat(after, "after")] : null,
    camLayer: auto?.name ?? null,
    changed: await changedMaps(
      runner.subject,
      model.summary.layers,
      model.graph.layers,
      before,
      after,
    ),
  };
}
