/** What is fed and asked, as the methods take it. */
import { slicesOf } from "../../methods/cam/at-layers.ts";
import { mapNode } from "../../methods/activations/index.ts";
import type { AttributionRequest } from "../../methods/attribute/index.ts";
import { ATTRIBUTIONS } from "../../shared/catalogue.ts";
import type { Control } from "../../shared/control.ts";
import type { AttributeQuestion, BaselineName } from "../../shared/question.ts";
import { inputError } from "../../base/errors.ts";
import { asFloats, sizeOf } from "../../base/tensor.ts";
import type { Aim } from "../run/aim.ts";
import { baselineInput } from "../run/baselines.ts";
import { pictureAmong } from "../run/feed.ts";
import { inputRange } from "../run/ranges.ts";
import type { Runner } from "../run/runner.ts";
import { noLayerFor } from "../run/words.ts";
import { differentiated } from "../run/scored.ts";
import { checkOver, overInput, type Look } from "./over.ts";

/** As many pixels as 16 pictures of 224 x 224 are run at a time. */
const PIXELS = 16 * 224 * 224;
const MOST_ROWS = 400;

type Picture = Pick<
  AttributionRequest,
  "subject" | "inputs" | "at" | "input" | "baseline" | "baselineName" | "range" | "batch"
>;

/** What methods take of one picture: the input `on` (null: the first), and what stands for nothing in its place. */
export function pictureRequest(
  { runner: { subject, model }, fed: { inputs }, batch }: Look,
  baseline: BaselineName,
  on: string | null,
): Picture {
  const { at, spec } = pictureAmong(model.graph, on);
  const value = inputs[at];
  if (!value) throw new RangeError("nothing is fed");
  const input = asFloats(value);
  const rows = Math.floor(PIXELS / sizeOf(input.shape.slice(1, 3)));
  return {
    ...{ subject, inputs, at, input, baselineName: baseline },
    baseline: baselineInput(baseline, input, model.preprocessing, spec.slices),
    range: inputRange(model.preprocessing, input.shape.at(-1) ?? 1),
    batch: batch ?? Math.max(1, Math.min(MOST_ROWS, rows)),
  };
}

/** What an attribution method takes for one class. Throws a ConvLensError for a score that the model, or a layer that the picture does not have. */
export function attributionRequest(
  look: Look,
  { method, score, layer, steps, seed, baseline, on }: AttributeQuestion,
  aim: Aim,
  classIndex: number,
  context: Control,
): AttributionRequest {
  const { options, group, title } = ATTRIBUTIONS[method];
  const { spec } = pictureAmong(look.runner.model.graph, on);
  if (group === "masks" && spec.slices !== undefined)
    throw inputError(
      `${title} covers windows of pictures, and '${spec.name}' is a volume: take saliency or integrated-gradients.`,
    );
  const guided = options.layer !== undefined;
  return {
    ...{ ...pictureRequest(look, baseline, on), classIndex, steps, seed, context },
    scores: differentiated(aim.scores, score ?? "logit"),
    camLayer: guided ? guideOf(look.runner, aim, layer, overInput(look, on).input) : null,
  };
}

/** The layer whose Grad-CAM over a picture guides Guided Grad-CAM. Throws a usage error for one that lies over others only. */
function guideOf(
  runner: Runner,
  { output, where }: Aim,
  name: string | null,
  over: string,
): AttributionRequest["camLayer"] {
  const { model } = runner;
  const guide = name ?? model.camLayerOf({ output, where, on: over })?.name;
  if (guide === undefined) throw inputError(noLayerFor(model.summary, "grad-cam"));
  const layer = model.layer(guide);
  const pictures = runner.picturesUnder([layer]);
  if (pictures.length > 0) checkOver(over, pictures, [layer]);
  const maps = mapNode(model.graph, layer, false, over);
  const slices = slicesOf(model.graph, layer, over);
  return { name: guide, source: layer.output ?? maps, maps, slices };
}
