import { mapNode } from "../methods/activations/index.ts";
import { cam, upsample, type CamResult } from "../methods/cam/index.ts";
import { classScores } from "../methods/predict/index.ts";
import type { Scores } from "../methods/types.ts";
import { pictureSize, type Fed, type OpenModel, type Runner } from "../session/index.ts";
import type { CamMethod, ClassScore } from "../shared/contract/lenses.ts";
import { inputError } from "../shared/errors.ts";
import { floats, type FloatTensor } from "../shared/tensor.ts";
import { pickClasses } from "./classes.ts";

/** The heat maps of one picture: one for each class. */
export interface PictureCam {
  readonly classes: readonly ClassScore[];
  readonly results: readonly CamResult[];
  /** [height, width] of the input, 0..1 on the scale of all the picture's classes. */
  readonly heatmaps: readonly FloatTensor[];
  readonly scaleMax: number;
}

/** The scores whose gradient is taken: logits, or the probabilities in their place. */
export function differentiated(scores: Scores, kind: "logit" | "probability"): Scores {
  if (kind === "logit") return scores;
  if (scores.probabilities === null)
    throw inputError("The model ends without softmax or sigmoid, so it has no probabilities.");
  return { ...scores, logits: scores.probabilities };
}

/** Heat maps of the first picture that is fed, for the classes that the text names. */
export async function camOf(
  runner: Runner,
  fed: Fed,
  request: { layer: string; scores: Scores; method: CamMethod; classes: string },
): Promise<PictureCam> {
  const { model } = runner;
  const own = model.scores;
  const maps = mapNode(model.graph, model.layer(request.layer), false);
  const nodes = [own.logits, maps, ...(own.probabilities === null ? [] : [own.probabilities])];
  const [logits, value, probabilities = null] = await runner.values(fed, nodes, own.graph);
  if (!logits || !value) throw new RangeError("the engine returned no maps");
  const classes = pickClasses(
    request.classes,
    classScores(own, { logits, probabilities }, model.labels),
  );
  const indices = classes.map(({ index }) => index);
  const { layer, method, scores } = request;
  const results = await cam(runner.subject, scores, {
    ...{ layer, maps, value, inputs: fed.inputs, method },
    classes: indices,
  });
  const [height, width] = spatialSize(model);
  const large = results.map(({ raw }) =>
    upsample(raw.data, [raw.shape[0] ?? 1, raw.shape[1] ?? 1], [height, width]),
  );
  const scaleMax = large.reduce((max, map) => map.reduce((a, b) => Math.max(a, b), max), 0);
  const heatmaps = large.map((map) =>
    floats(
      [height, width],
      map.map((value) => (scaleMax > 0 ? value / scaleMax : 0)),
    ),
  );
  return { classes, results, heatmaps, scaleMax };
}

/** [height, width] of the input that is a picture. */
function spatialSize({ graph, summary }: OpenModel): readonly [number, number] {
  const spec = graph.inputs.find(({ shape }) => shape.length === 4);
  if (!spec) throw inputError(`${summary.name} takes no picture, so there is nothing to draw on.`);
  const [height, width] = pictureSize(spec);
  return [height, width];
}
