import type { BaselineName } from "../../shared/question.ts";
import type { Completeness } from "../../shared/contract/experiments.ts";
import type { Control } from "../../shared/control.ts";
import type { NodeId } from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Slices } from "../cam/upsample.ts";
import type { PictureOf } from "../repeat.ts";
import type { InputRange, Scores, Subject } from "../types.ts";

/** What every attribution method gets. */
export interface AttributionRequest extends PictureOf {
  readonly subject: Subject;
  readonly scores: Scores;
  /** The picture as the network's input, [1, H, W, C]: `inputs[at]`. */
  readonly input: FloatTensor;
  /** What stands for "nothing there", same shape, preprocessed; and its name. */
  readonly baseline: FloatTensor;
  readonly baselineName: BaselineName;
  /** What `input` can hold. */
  readonly range: InputRange;
  readonly classIndex: number;
  /** The layer whose Grad-CAM guides Guided Grad-CAM; null where there is none. */
  readonly camLayer: {
    readonly name: string;
    /** Its output, where the maps are laid out of it. */
    readonly source?: NodeId;
    readonly maps: NodeId;
    /** Of its maps and the picture, where they are volumes. */
    readonly slices?: Slices | undefined;
  } | null;
  /** Steps, samples or masks; each method has its own default. */
  readonly steps: number | null;
  readonly seed: number;
  /** Rows that are run at once. */
  readonly batch: number;
  readonly context: Control;
}

/** What each number of the input does to the class' score, in the method's own sense. */
export interface Attribution {
  /** [H, W, C], signed where the method is. Occlusion and RISE: [H, W, 1]. */
  readonly attribution: FloatTensor;
  /** null where the method promises none. */
  readonly completeness: Completeness | null;
  /** Steps, samples or masks that were really used. */
  readonly steps: number;
}

/** A method: one picture and one class in, one attribution out. */
export type AttributionMethodFunction = (request: AttributionRequest) => Promise<Attribution>;
