/** A training seen through its checkpoints. */
import type { ClassScore, Provenance } from "./lenses.ts";

/** A model file that a training wrote, as the host finds it beside the model. */
export interface Checkpoint {
  readonly path: string;
  readonly name: string;
  /** The number in its name: the epoch. */
  readonly step: number;
  /** Milliseconds; another value when it was written again. */
  readonly modified: number;
}

/** Checkpoints of one training, in the order of their steps; empty when the model stands alone. */
export type Series = readonly Checkpoint[];

/** What `epoch` is asked of one checkpoint. */
export interface EpochRequest {
  /** The checkpoint before, to compare weights with; null for the first. */
  readonly previous: string | null;
  /** Paths of the pinned pictures. */
  readonly images: readonly string[];
}

/** What one checkpoint makes of the pinned pictures, and how its weights moved. */
export interface EpochFacts extends Provenance {
  readonly pictures: readonly {
    readonly image: string;
    /** Every class, in class order. */
    readonly classes: readonly ClassScore[];
  }[];
  /** Filters that stay at or below 0 on all pinned pictures, layer by layer; over so many pictures. */
  readonly dead: readonly {
    readonly layer: string;
    readonly dead: number;
    readonly filters: number;
  }[];
  readonly counted: number;
  /** |w - w'| / |w'| (L2) of each layer's kernel since the checkpoint before. */
  readonly change: readonly { readonly layer: string; readonly relative: number }[];
  readonly skipped: readonly { readonly image: string; readonly reason: string }[];
}

/** How folders were taken for classes: by names, by numbers from 0, or by the order of their names. */
export type FolderRule = "names" | "numbers" | "order";

/** How often a checkpoint is right over pictures in folders of their classes. */
export interface Accuracy extends Provenance {
  readonly by: FolderRule;
  /** Pictures that were looked at, and that could not be read. */
  readonly counted: number;
  readonly skipped: number;
  /** Share whose top class is theirs, 0 to 1. */
  readonly accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
}

/** What is animated over the checkpoints of a training, all on one scale. */
export type Animated =
  | { readonly kind: "filters"; readonly layer: string }
  | { readonly kind: "maps"; readonly layer: string; readonly image: string }
  /** Grad-CAM of a class over the picture; `layer` may be `auto`. */
  | {
      readonly kind: "cam";
      readonly layer: string;
      readonly image: string;
      readonly classIndex: number;
    };
/** What `animate` is asked: 2 to 500 checkpoints, a frame each, in this order. */
export interface AnimateRequest {
  readonly checkpoints: readonly { readonly path: string; readonly step: number }[];
  readonly of: Animated;
  /** Checkpoints that are looked at: the others are closed again, one after another. */
  readonly keep: readonly string[];
}
/** Pictures of one size, [height, width, 3] each, with the numbers of their steps. */
export interface FramesRequest {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly { readonly rgb: Uint8Array; readonly step: number }[];
}
