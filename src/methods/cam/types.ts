import type { CamMethod } from "../../shared/catalogue.ts";
import type { Control } from "../../shared/control.ts";
import type { NodeId } from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { PictureOf } from "../repeat.ts";
import type { Scores, Subject } from "../types.ts";
import type { Sketch } from "./sketch.ts";
import type { Slices } from "./upsample.ts";

/** The heat map of one class at one layer. */
export interface ClassMap {
  readonly classIndex: number;
  /** [h, w] of the layer, before ReLU. */
  readonly signed: FloatTensor;
  /** [h, w], after ReLU, before any normalisation. */
  readonly raw: FloatTensor;
  /** [channels]: the weight of each map (mean gradients where cells are weighed one by one); null where there is none. */
  readonly alpha: FloatTensor | null;
  /** Over a volume, whose slices stand one below another. */
  readonly slices?: Slices;
}

/** Heat maps of some classes for one picture at one layer. */
export interface MapsRequest extends PictureOf {
  readonly subject: Subject;
  readonly scores: Scores;
  readonly method: CamMethod;
  readonly layer: string;
  /** The layer's output, where `maps` are laid out of it (tokens); left out: it is the maps. */
  readonly source?: NodeId;
  /** The layer's maps over the picture, and their value [1, h, w, channels]. */
  readonly maps: NodeId;
  readonly value: FloatTensor;
  /** Of the maps and the picture, where they are volumes. */
  readonly slices?: Slices | undefined;
  /** What ScoreCAM hides the picture with, [1, H, W, C]. */
  readonly baseline: FloatTensor;
  /** Values of other nodes for the picture, where the forward pass that gave `value` is at hand. */
  readonly valuesOf?: (nodes: readonly NodeId[]) => Promise<FloatTensor[]>;
  readonly classes: readonly number[];
  /** Rows that are run at once. */
  readonly batch: number;
  readonly context: Control;
  /** Gets the maps as they are so far, of methods that need a run per channel. */
  readonly soFar?: (maps: readonly ClassMap[]) => void;
}

/** Both before ReLU: `signed` [K, h, w], `alpha` [K, C] the weight of each map (mean gradients where there is none). */
export interface CamNodes {
  readonly signed: NodeId;
  readonly alpha: NodeId;
}
/** A CAM that follows from maps A [K, h, w, C] and gradients of the score like them: a few nodes. */
export type GradientCam = (graph: Sketch, maps: NodeId, gradient: NodeId) => CamNodes;

/** What ScoreCAM and Ablation-CAM get, which weigh channels by passes of their own. */
export type ChannelRequest = Omit<MapsRequest, "method">;
/** [classes][channels]. */
export type ChannelWeights = Float32Array[];
/** Gets the weights that are known so far; the others are 0. */
export type SoFar = (weights: readonly Float32Array[]) => void;
