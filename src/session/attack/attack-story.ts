import { changedMaps } from "../../methods/attack/changed-maps.ts";
import { classTarget, gradCam } from "../../shared/question.ts";
import { at } from "../../base/at.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { Explained } from "../explained.ts";
import type { Runner } from "../run/runner.ts";

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
  const auto = model.summary.camLayer;
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const heat = async (input: FloatTensor, name: string): Promise<Float32Array> => {
    const fed = { key: `attack ${performance.now()} ${name}`, inputs: [input] };
    const question = gradCam(name, [classTarget(classIndex)]);
    return at((await new Explained(runner, fed).cam(question, { context })).large, 0);
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
