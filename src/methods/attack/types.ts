import type { Control } from "../../shared/control.ts";
import type { PixelScaling } from "../../base/preprocessing.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Scores, Subject } from "../types.ts";
import type { Pixel } from "./pixels.ts";
import type { CandidateScore } from "./score.ts";

/** What is to become of a class, or of the only number that is asked about. */
export type Goal =
  | {
      readonly kind: "class";
      /** The true class, which must be on top before. */
      readonly trueClass: number;
      /** The class to reach; null: any other. */
      readonly target: number | null;
      /** Log-odds below which the true class counts as gone though no other is on top, as a detector leaves out a box; null: never. */
      readonly gone: number | null;
    }
  /** There is no other class, and no success before the end: as far up, or down, as it goes. */
  | { readonly kind: "number"; readonly index: number; readonly raise: boolean };

/** A picture, what is to become of its class, and how that is searched. */
export interface AttackRequest {
  readonly subject: Subject;
  readonly scores: Scores;
  /** [1, H, W, C], the picture as it is fed. */
  readonly input: FloatTensor;
  readonly scaling: PixelScaling;
  readonly goal: Goal;
  readonly seed: number;
  /** Pictures that are scored at once. */
  readonly batch: number;
  readonly context: Control;
  /** Where differential evolution is cancelled it ends with the best of the generations that it has made, at least one. */
  readonly keepsBest?: boolean;
  /** The best candidate so far, after each generation. */
  readonly onBest?: (best: AttackProgress) => void;
}

/** The best candidate of so many evaluations. */
export interface AttackProgress {
  readonly pixels: readonly Pixel[];
  readonly score: CandidateScore;
  readonly evaluations: number;
}

/** How an attack ended; without success it is the best candidate that was found. */
export interface AttackResult extends AttackProgress {
  readonly success: boolean;
  /** The watched class (target, else true), or number, before. */
  readonly before: CandidateScore;
  /** The attacked input, [1, H, W, C]. */
  readonly image: FloatTensor;
  /** Exact mode: for each pixel the lowest (targeted: highest) probability, of a number the value farthest on its way, over its corners, [H, W]; else null. */
  readonly map: FloatTensor | null;
}
