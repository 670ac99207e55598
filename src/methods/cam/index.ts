/** The Grad-CAM family: which parts of a layer's maps speak for a class. On logits, never on the softmax, but for ScoreCAM. */
import { at } from "../../base/at.ts";
import { inputError } from "../../base/errors.ts";
import { floats } from "../../base/tensor.ts";
import type { CamMethod, GradientCamMethod } from "../../shared/catalogue.ts";
import { ablationWeights } from "./ablation-cam/index.ts";
import { attentionRollout } from "./attention-rollout/index.ts";
import { weightedSum } from "./by-channel.ts";
import { gradientMaps } from "./by-gradient.ts";
import { classMap } from "./class-map.ts";
import { eigenCam } from "./eigen-cam/index.ts";
import { gradientCams } from "./gradients.ts";
import { scoreWeights } from "./score-cam/index.ts";
import type { ChannelRequest, ChannelWeights, ClassMap, MapsRequest, SoFar } from "./types.ts";

export { checkContrast, contrast } from "./class-map.ts";
export { merged } from "./merge.ts";
export { upsample } from "./upsample.ts";
export type { ClassMap, MapsRequest } from "./types.ts";

type Maps = (request: MapsRequest, size: readonly [number, number]) => Promise<ClassMap[]>;

/** A CAM that weighs each map as a whole. */
const byChannel =
  (find: (request: ChannelRequest, soFar?: SoFar) => Promise<ChannelWeights>): Maps =>
  async (request, size) => {
    const { value, classes, soFar } = request;
    const mapsOf = (weights: readonly Float32Array[]): ClassMap[] =>
      classes.map((classIndex, row) => {
        const own = at(weights, row);
        const alpha = floats([own.length], own.slice());
        return classMap(classIndex, size, weightedSum(value, own), alpha);
      });
    return mapsOf(await find(request, soFar && ((weights) => soFar(mapsOf(weights)))));
  };

/** The code of the others: those of `gradients.ts` take one backward pass. */
const OTHERS: Readonly<Record<Exclude<CamMethod, GradientCamMethod>, Maps>> = {
  "eigen-cam": async ({ value, classes, context }, size) => {
    const projected = await eigenCam(value, context);
    return classes.map((classIndex) => classMap(classIndex, size, projected, null));
  },
  "attention-rollout": async (request) => {
    const { grid, rollout } = await attentionRollout(request);
    return request.classes.map((classIndex) => classMap(classIndex, grid, rollout, null));
  },
  "score-cam": byChannel(scoreWeights),
  "ablation-cam": byChannel(ablationWeights),
};

const isGradientCam = (method: CamMethod): method is GradientCamMethod =>
  Object.hasOwn(gradientCams, method);

/**
 * The maps of several classes at one layer, by any method of the family.
 * Throws a ConvLensError of kind `input` for a layer without positions, or one that the scores do not depend on.
 */
export function classMaps(request: MapsRequest): Promise<ClassMap[]> {
  const { method, value, layer } = request;
  const [, h, w] = value.shape;
  if (value.shape.length !== 4 || h === undefined || w === undefined)
    throw inputError(
      `Layer '${layer}' has no feature maps (its output is [${value.shape.join(", ")}]), so there is no heat map; choose a convolution.`,
    );
  const maps = isGradientCam(method)
    ? gradientMaps({ ...request, method })
    : OTHERS[method](request, [h, w]);
  const { slices } = request;
  return slices ? maps.then((found) => found.map((map) => ({ ...map, slices }))) : maps;
}
