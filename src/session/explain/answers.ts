import type { Attribution } from "../../methods/attribute/index.ts";
import type { ClassMap } from "../../methods/cam/index.ts";
import type { Layer } from "../../graph/index.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { CamQuestion, ScoreKind } from "../../shared/question.ts";
import type { Aim } from "../run/aim.ts";
import type { Saturated } from "../run/scored.ts";
import type { Over } from "./over.ts";

/** Heat maps, one for each target, over one picture. */
export interface CamAnswer extends Over {
  readonly question: CamQuestion;
  /** What the targets are of. */
  readonly aim: Aim;
  readonly scores: readonly ClassScore[];
  readonly minus: ClassScore | null;
  /** The layers that were taken, and why these. */
  readonly layers: readonly Layer[];
  readonly why: string;
  /** What has to be said of the maps; null: nothing. */
  readonly note: string | null;
  /** What the network was asked for; null: nothing. */
  readonly score: ScoreKind | null;
  readonly maps: readonly ClassMap[];
  /** All pictures that the layer's cells are positions of; `input` is one of them. */
  readonly pictures: readonly string[];
  /** The same at the size of the input, [height * width], and the largest value of all: their common scale. */
  readonly large: readonly Float32Array[];
  readonly largest: number;
}

/** One attribution for each target. */
export interface AttributeAnswer extends Attribution, Over {
  readonly aim: Aim;
  readonly score: ClassScore;
  /** The layer whose Grad-CAM guides it; null: none does. */
  readonly guide: string | null;
  /** The probability that is differentiated is saturated; null: it is not, or none is. */
  readonly flat: Saturated | null;
}
