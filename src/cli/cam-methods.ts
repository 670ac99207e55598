import { ablationCamWeights, scoreCamWeights, weightedSum } from "../methods/cam/by-channel.ts";
import { eigenCam } from "../methods/cam/eigen.ts";
import { cam } from "../methods/cam/index.ts";
import type { Scores } from "../methods/types.ts";
import { blackInput, type Fed, type Runner } from "../session/index.ts";
import type { Control } from "../shared/control.ts";
import { inputError, usageError } from "../shared/errors.ts";
import type { NodeId } from "../shared/graph/index.ts";
import { asFloats, floats, type FloatTensor } from "../shared/tensor.ts";

export const CAM_METHODS = [
  "grad-cam",
  "grad-cam++",
  "hires-cam",
  "xgrad-cam",
  "layer-cam",
  "eigen-cam",
  "score-cam",
  "ablation-cam",
] as const;
export type AnyCam = (typeof CAM_METHODS)[number];

/** The map of one class: `raw` is `signed` after ReLU, both [h, w]; `alpha` [channels], null where maps have no weights. */
export interface ClassMap {
  readonly signed: FloatTensor;
  readonly raw: FloatTensor;
  readonly alpha: FloatTensor | null;
}

export interface MapsRequest {
  readonly method: AnyCam;
  readonly scores: Scores;
  readonly layer: string;
  readonly maps: NodeId;
  /** [1, h, w, channels] */
  readonly value: FloatTensor;
  readonly fed: Fed;
  readonly classes: readonly number[];
  readonly batch: () => number;
  readonly context: Control;
}

/** The maps of the classes by any method. Throws a ConvLensError of kind `input` for a layer without positions. */
export async function classMaps(runner: Runner, request: MapsRequest): Promise<ClassMap[]> {
  const { method, value, classes, layer } = request;
  const [, h = 1, w = 1] = value.shape;
  if (value.shape.length !== 4)
    throw inputError(
      `Layer '${layer}' has no feature maps (its output is [${value.shape.join(", ")}]), so there is no heat map; choose a convolution.`,
    );
  if (method === "eigen-cam") {
    const map = mapOf([h, w], eigenCam(value), null);
    return classes.map(() => map);
  }
  if (method === "score-cam" || method === "ablation-cam") {
    const found: ClassMap[] = [];
    for (const classIndex of classes) {
      const alpha = await channelWeights(runner, request, classIndex);
      const weights = floats([alpha.length], alpha);
      found.push(mapOf([h, w], weightedSum(value, alpha), weights));
    }
    return found;
  }
  const { scores, maps, fed } = request;
  const asked = { layer, maps, value, inputs: fed.inputs, classes, method };
  return cam(runner.subject, scores, asked);
}

function channelWeights(
  { subject, model }: Runner,
  { method, scores, layer, maps, value, fed, batch, context }: MapsRequest,
  classIndex: number,
): Promise<Float32Array> {
  const [first, ...others] = fed.inputs;
  if (!first || others.length > 0)
    throw inputError(`${method} needs a model with one input; this one has ${fed.inputs.length}.`);
  const input = asFloats(first);
  const [, height = 1, width = 1, depth = 1] = input.shape;
  const baseline = blackInput([height, width, depth], model.preprocessing);
  const weights = method === "score-cam" ? scoreCamWeights : ablationCamWeights;
  return weights({
    ...{ subject, scores, layer, maps, value, input, baseline, classIndex, context },
    batch: batch(),
  });
}

function mapOf(
  shape: readonly [number, number],
  signed: Float32Array,
  alpha: FloatTensor | null,
): ClassMap {
  const raw = signed.map((value) => Math.max(0, value));
  return { signed: floats(shape, signed), raw: floats(shape, raw), alpha };
}

/** Where differences of maps are the maps of a difference of scores. */
const LINEAR: readonly AnyCam[] = ["grad-cam", "hires-cam", "xgrad-cam"];

/** Throws a usage error for a method whose maps cannot be subtracted. */
export function checkContrast(method: AnyCam): void {
  if (!LINEAR.includes(method))
    throw usageError(
      `--minus needs a method that is linear in the score, and ${method} is not: ${LINEAR.join(", ")}.`,
    );
}

/** The map of score A - score B; exact for the methods that are linear in the score. */
export function contrast(a: ClassMap, b: ClassMap): ClassMap {
  const minus = (x: FloatTensor, y: FloatTensor): FloatTensor => ({
    ...x,
    data: x.data.map((value, i) => value - (y.data[i] ?? 0)),
  });
  const [h = 1, w = 1] = a.signed.shape;
  const alpha = a.alpha && b.alpha && minus(a.alpha, b.alpha);
  return mapOf([h, w], minus(a.signed, b.signed).data, alpha);
}
