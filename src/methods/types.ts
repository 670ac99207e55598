import type { Differentiate, Engine, Relevance } from "../engine/types.ts";
import type { ModelGraph, NodeId } from "../graph/index.ts";
import type { TensorData } from "../base/tensor.ts";

export type { InputRange } from "../engine/types.ts";

/** A model with the engine that runs it. */
export interface Subject {
  readonly graph: ModelGraph;
  readonly engine: Engine;
  readonly differentiate: Differentiate;
  /** With guided backpropagation's rules. */
  readonly differentiateGuided: Differentiate;
  /** With redirected ReLUs, for pictures that excite nothing yet. */
  readonly differentiateRedirected: Differentiate;
  /** Relevance in the place of the gradient, by the rules that are given. */
  readonly relevance: Relevance;
}

/** What is fed: one tensor per model input, in the model's order, batch axis first. */
export type Inputs = readonly TensorData[];

/** Where class scores come from. All nodes have the shape [N, classes]. */
export interface Scores {
  readonly graph: ModelGraph;
  /** Before softmax or sigmoid. */
  readonly logits: NodeId;
  readonly probabilities: NodeId | null;
  readonly activation: "softmax" | "sigmoid" | null;
  /** Number of classes a person can pick; a single sigmoid unit has two: 0 = -logit, 1 = +logit. */
  readonly classes: number;
  readonly binary: boolean;
  /** False: a class says nothing of the others, though no sigmoid is seen. */
  readonly exclusive?: boolean;
}
