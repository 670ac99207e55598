import { mapNode } from "../methods/activations/index.ts";
import { upsample } from "../methods/cam/index.ts";
import { classScores } from "../methods/predict/index.ts";
import type { Scores } from "../methods/types.ts";
import { pictureSize, type Fed, type OpenModel, type Runner } from "../session/index.ts";
import type { ClassScore } from "../shared/contract/lenses.ts";
import { inputError, usageError } from "../shared/errors.ts";
import { floats, type FloatTensor } from "../shared/tensor.ts";
import { rangeOf } from "../shared/tiles.ts";
import { classMaps, contrast, type ClassMap, type MapsRequest } from "./cam-methods.ts";
import { pickClasses } from "./classes.ts";

/** The heat maps of one picture: one for each class. */
export interface PictureCam {
  readonly classes: readonly ClassScore[];
  /** The class that was subtracted from each. */
  readonly minus: ClassScore | null;
  readonly results: readonly ClassMap[];
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

type Request = Pick<MapsRequest, "layer" | "scores" | "method" | "batch" | "context"> & {
  readonly classes: string;
  readonly minus: string | undefined;
};

/** Heat maps of the first picture that is fed, for the classes that the text names. */
export async function camOf(runner: Runner, fed: Fed, request: Request): Promise<PictureCam> {
  const { model } = runner;
  const own = model.scores;
  const maps = mapNode(model.graph, model.layer(request.layer), false);
  const nodes = [own.logits, maps, ...(own.probabilities === null ? [] : [own.probabilities])];
  const [logits, value, probabilities = null] = await runner.values(fed, nodes, own.graph);
  if (!logits || !value) throw new RangeError("the engine returned no maps");
  const all = classScores(own, { logits, probabilities }, model.labels);
  const classes = pickClasses(request.classes, all);
  const minus = request.minus === undefined ? null : only(pickClasses(request.minus, all));
  const found = await classMaps(runner, {
    ...{ ...request, maps, value, fed },
    classes: [...classes, ...(minus ? [minus] : [])].map(({ index }) => index),
  });
  const subtracted = minus ? found.at(-1) : undefined;
  const results = found
    .slice(0, classes.length)
    .map((map) => (subtracted ? contrast(map, subtracted) : map));
  return { classes, minus, results, ...enlarged(results, spatialSize(model)) };
}

function only([first, ...others]: readonly ClassScore[]): ClassScore {
  if (!first || others.length > 0) throw usageError("--minus takes one class.");
  return first;
}

function enlarged(
  results: readonly ClassMap[],
  size: readonly [number, number],
): Pick<PictureCam, "heatmaps" | "scaleMax"> {
  const large = results.map(({ raw }) =>
    upsample(raw.data, [raw.shape[0] ?? 1, raw.shape[1] ?? 1], size),
  );
  const scaleMax = Math.max(0, ...large.map((map) => rangeOf(map).max));
  const heatmaps = large.map((map) =>
    floats(
      size,
      map.map((value) => (scaleMax > 0 ? value / scaleMax : 0)),
    ),
  );
  return { heatmaps, scaleMax };
}

/** [height, width] of the input that is a picture. */
function spatialSize({ graph, summary }: OpenModel): readonly [number, number] {
  const spec = graph.inputs.find(({ shape }) => shape.length === 4);
  if (!spec) throw inputError(`${summary.name} takes no picture, so there is nothing to draw on.`);
  const [height, width] = pictureSize(spec);
  return [height, width];
}
