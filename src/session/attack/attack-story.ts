import { changedMaps, type ChangedMap } from "../../methods/attack/changed-maps.ts";
import { classTarget, gradCam, usualCam, type OfOutput } from "../../shared/question.ts";
import { at } from "../../base/at.ts";
import { filled, sizeOf, type FloatTensor } from "../../base/tensor.ts";
import { Explained } from "../explained.ts";
import type { Aim } from "../run/aim.ts";
import type { Runner } from "../run/runner.ts";

/** What an attack changes inside the network. */
export interface AttackStory {
  /** Grad-CAM of one class [H, W], upsampled and unscaled, before and after; null where no layer has positions. */
  readonly cams: readonly [before: Float32Array, after: Float32Array] | null;
  readonly camLayer: string | null;
  /** The feature maps that changed most, strongest first. */
  readonly changed: readonly ChangedMap[];
}

/** Compares two inputs [1, H, W, C]; the heat maps are of what was found to be attacked, and of `classIndex` there. */
export async function attackStory(
  runner: Runner,
  { output, where }: Pick<Aim, "output" | "where">,
  classIndex: number,
  before: FloatTensor,
  after: FloatTensor,
): Promise<AttackStory> {
  const { model } = runner;
  const auto = model.camLayerOf({ output, where });
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const of: OfOutput = { output: output.spec.name, where };
  const heat = async (input: FloatTensor, name: string): Promise<Float32Array> => {
    const fed = { key: `attack ${performance.now()} ${name}`, inputs: [input] };
    const explained = new Explained(runner, fed);
    const { ranked } = await explained.aim({ ...of, named: true });
    // a class that is predicted nowhere any more has nothing that speaks for it
    if (where?.kind === "predicted" && !ranked.some(({ index }) => index === classIndex))
      return filled(new Float32Array(sizeOf(input.shape.slice(1, 3))), () => 0);
    const method = usualCam(output.kind);
    const question = { ...gradCam(name, [classTarget(classIndex)]), ...of, method };
    return at((await explained.cam(question, { context })).large, 0);
  };
  return {
    cams: auto ? [await heat(before, "before"), await heat(after, "after")] : null,
    camLayer: auto && [...auto.merged, auto.name].join(", "),
    changed: await changedMaps(
      runner.subject,
      model.summary.layers,
      model.graph.layers,
      before,
      after,
    ),
  };
}
