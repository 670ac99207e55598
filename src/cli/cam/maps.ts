import type { CamMethod } from "../../shared/catalogue.ts";
import type { Scores } from "../../methods/types.ts";
import {
  Explained,
  onOneScale,
  type Fed,
  type HeatMapsRequest,
  type Runner,
} from "../../session/index.ts";
import type { ClassMap } from "../../methods/cam/index.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { Sanity, TrustBadge } from "../../shared/contract/trust.ts";
import type { Control } from "../../shared/control.ts";
import { inputError, usageError } from "../../base/errors.ts";
import type { Layer } from "../../graph/index.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import { pickClasses } from "../arguments/classes.ts";

/** The heat maps of one picture: one for each class. */
export interface PictureCam {
  readonly classes: readonly ClassScore[];
  /** The class that was subtracted from each. */
  readonly minus: ClassScore | null;
  readonly results: readonly ClassMap[];
  /** [height, width] of the input, 0..1 on the scale of all the picture's classes. */
  readonly heatmaps: readonly FloatTensor[];
  readonly scaleMax: number;
  /** With --trust and --sanity, one for each class. */
  readonly badges: readonly (TrustBadge | null)[];
  readonly sanity: readonly (Checked | null)[];
}
export type Checked = Omit<Sanity, "engine" | "seconds">;

/** The scores whose gradient is taken: logits, or the probabilities in their place. */
export function differentiated(scores: Scores, kind: "logit" | "probability"): Scores {
  if (kind === "logit") return scores;
  if (scores.probabilities === null)
    throw inputError("The model ends without softmax or sigmoid, so it has no probabilities.");
  return { ...scores, logits: scores.probabilities };
}

interface Request {
  readonly layers: readonly Layer[];
  readonly scores: Scores;
  readonly method: CamMethod;
  readonly batch: number | null;
  readonly classes: string;
  readonly minus: string | undefined;
  readonly trust: boolean;
  /** The seed of the randomisation check; null where it is not asked for. */
  readonly sanity: number | null;
  readonly context: (what: string) => Control;
}

/** Heat maps of the first picture that is fed, for the classes that the text names. */
export async function camOf(runner: Runner, fed: Fed, request: Request): Promise<PictureCam> {
  const { layers, method, batch, scores, context } = request;
  const all = await runner.classes(fed);
  const classes = pickClasses(request.classes, all);
  const minus = request.minus === undefined ? null : only(pickClasses(request.minus, all));
  const explained = new Explained(runner, fed, { scores, batch });
  const asked = {
    ...{ layers, method, minus: minus?.index ?? null },
    context: context(method),
  };
  const results = await explained.heatMaps({
    ...asked,
    classes: classes.map(({ index }) => index),
  });
  const { large, largest } = onOneScale(results, explained.size);
  // whether the map orders pixels is asked of the network's own scores
  const measured = new Explained(runner, fed, { batch });
  const badges: (TrustBadge | null)[] = [];
  const sanity: (Checked | null)[] = [];
  for (const [k, { index }] of classes.entries()) {
    const heat = large[k];
    const measures = request.trust && heat;
    badges.push(measures ? await measured.badge(heat, index, context(`trust of ${index}`)) : null);
    const of: HeatMapsRequest = { ...asked, classes: [index] };
    const checks = (seed: number): Promise<Checked> =>
      explained.sanity({ cam: of }, seed, context(`sanity of ${index}`));
    sanity.push(request.sanity === null ? null : await checks(request.sanity));
  }
  const heatmaps = large.map((map) =>
    floats(
      explained.size,
      map.map((value) => (largest > 0 ? value / largest : 0)),
    ),
  );
  return { classes, minus, results, heatmaps, scaleMax: largest, badges, sanity };
}

function only([first, ...others]: readonly ClassScore[]): ClassScore {
  if (!first || others.length > 0) throw usageError("--minus takes one class.");
  return first;
}
