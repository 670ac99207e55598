import type { Control } from "../../shared/control.ts";
import type { NodeId } from "../../shared/graph/index.ts";
import type { FloatTensor } from "../../shared/tensor.ts";
import type { Scores, Subject } from "../types.ts";

/** What every attribution method gets. */
export interface AttributionRequest {
  readonly subject: Subject;
  readonly scores: Scores;
  /** The picture as the network's input, [1, H, W, C]. */
  readonly input: FloatTensor;
  /** What stands for "nothing there", same shape: the preprocessed black picture. */
  readonly baseline: FloatTensor;
  readonly classIndex: number;
  /** The layer whose Grad-CAM guides Guided Grad-CAM; null where there is none. */
  readonly camLayer: { readonly name: string; readonly maps: NodeId } | null;
  /** Steps, samples or masks; each method has its own default. */
  readonly steps: number | null;
  readonly seed: number;
  /** Rows that are run at once. */
  readonly batch: number;
  readonly context: Control;
}

export interface Attribution {
  /** [H, W, C], signed where the method is. Occlusion and RISE: [H, W, 1]. */
  readonly attribution: FloatTensor;
  /** Completeness gap: sum(attribution) - (F(x) - F(baseline)); null where the method promises none. */
  readonly delta: number | null;
  /** Steps, samples or masks that were really used. */
  readonly steps: number;
}

export type AttributionMethodFunction = (request: AttributionRequest) => Promise<Attribution>;
