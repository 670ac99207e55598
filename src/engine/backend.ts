import type { TensorData } from "../base/tensor.ts";
import type { GraphNode, WeightStore } from "../graph/index.ts";
import type { EngineInfo } from "../shared/engines.ts";
import type { Plan } from "./plan.ts";

/** A plan made ready to run. */
export interface Executable {
  /** What it holds beside the shared parameters, in bytes. */
  readonly bytes: number;
  /** Values of `targets` of the plan, in that order. */
  run(feeds: readonly TensorData[]): Promise<TensorData[]>;
  free(): void;
}
/** What differs between engines. */
export interface Backend {
  readonly info: EngineInfo;
  /** `targets` are nodes that compute: feeds, constants and parameters need no engine to be fetched. */
  prepare(plan: Plan, targets: readonly GraphNode[]): Promise<Executable>;
  /** How many tensors it holds between runs. */
  readonly tensors: number;
  /** Frees the parameters of a model. */
  forget(weights: WeightStore): void;
  dispose(): void;
}
