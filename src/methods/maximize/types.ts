import type { Control } from "../../shared/control.ts";
import type { NodeId } from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { InputRange, Scores, Subject } from "../types.ts";
import type { Objective } from "./objective.ts";

/** What is taken off the objective; weights of 0 are off. */
export interface Penalties {
  /** Of the mean |difference| of neighbouring pixels, of the mean |p - 0.5| and of the root of the mean (p - 0.5)^2; pixels are 0..1. */
  readonly totalVariation: number;
  readonly l1: number;
  readonly l2: number;
  /** Of the mean cosine of the Gram matrices of copies of one target. */
  readonly diversity: number;
}

/** What a batch of pictures is to maximise, and from which seed. */
export interface MaximizeRequest {
  readonly subject: Subject;
  readonly scores: Scores;
  /** One objective per picture; the pictures run as one batch. */
  readonly objectives: readonly Objective[];
  /** How many pictures in a row are copies: of one objective, from different starts. 1 where left out. */
  readonly copies?: number;
  readonly penalties?: Penalties;
  /** Whose maps are to differ between copies where the objectives look at no maps (classes). */
  readonly differAt?: NodeId | null;
  /** [H, W, C] of the model's input. */
  readonly size: readonly [number, number, number];
  readonly range: InputRange;
  /** null: the recipe's own number. */
  readonly steps: number | null;
  readonly seed: number;
  readonly context: Control;
  /** Where it is cancelled it ends with the steps that it has made, at least one, as if no more had been asked for. */
  readonly keepsSteps?: boolean;
  /** Called after each step with the pictures as they are, in the model's input range. */
  readonly onStep?: (
    step: number,
    steps: number,
    images: FloatTensor,
    values: Float32Array,
  ) => void;
}

/** The pictures of a batch, and how their objectives grew. */
export interface Maximized {
  /** [N, H, W, C] in the model's own input range, clipped to what a picture can hold. */
  readonly images: FloatTensor;
  /** Objective of each picture, without penalties, before the first step and after every step, [steps + 1][N]. */
  readonly history: readonly Float32Array[];
  /** How many were made. */
  readonly steps: number;
}
