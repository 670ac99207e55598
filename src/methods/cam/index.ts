/** The Grad-CAM family: which parts of a layer's maps speak for a class. On logits, never on the softmax, but for ScoreCAM. */
import { inputError } from "../../base/errors.ts";
import type { CamMethod } from "../../shared/contract/lenses.ts";
import { floats } from "../../base/tensor.ts";
import { ablationWeights, scoreWeights, weightedSum } from "./by-channel.ts";
import { gradientMaps } from "./by-gradient.ts";
import { classMap } from "./class-map.ts";
import { eigenCam } from "./eigen.ts";
import type { ClassMap, MapsRequest } from "./types.ts";

export { checkContrast, contrast } from "./class-map.ts";
export { merged } from "./merge.ts";
export { upsample } from "./upsample.ts";
export type { ClassMap, MapsRequest } from "./types.ts";

export const CAM_METHODS = [
  "grad-cam",
  "grad-cam++",
  "hires-cam",
  "xgrad-cam",
  "layer-cam",
  "eigen-cam",
  "score-cam",
  "ablation-cam",
] as const satisfies readonly CamMethod[];

/**
 * The maps of several classes at one layer, by any method of the family.
 * Throws a ConvLensError of kind `input` for a layer without positions, or one that the scores do not depend on.
 */
export async function classMaps(request: MapsRequest): Promise<ClassMap[]> {
  const { method, value, classes, layer, context } = request;
  const [, h, w] = value.shape;
  if (value.shape.length !== 4 || h === undefined || w === undefined)
    throw inputError(
      `Layer '${layer}' has no feature maps (its output is [${value.shape.join(", ")}]), so there is no heat map; choose a convolution.`,
    );
  switch (method) {
    case "eigen-cam": {
      const projected = await eigenCam(value, context);
      return classes.map((classIndex) => classMap(classIndex, [h, w], projected, null));
    }
    case "score-cam":
    case "ablation-cam": {
      const { soFar } = request;
      const mapsOf = (weights: readonly Float32Array[]): ClassMap[] =>
        classes.map((classIndex, row) => {
          const own = weights[row] ?? new Float32Array(value.shape[3] ?? 1);
          const alpha = floats([own.length], own.slice());
          return classMap(classIndex, [h, w], weightedSum(value, own), alpha);
        });
      const found = method === "score-cam" ? scoreWeights : ablationWeights;
      return mapsOf(await found(request, soFar && ((weights) => soFar(mapsOf(weights)))));
    }
    default:
      return gradientMaps({ ...request, method });
  }
}
