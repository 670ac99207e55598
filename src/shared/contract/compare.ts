/** Two models, two checkpoints or two pictures, side by side on one scale. A is looked at, B is what it is compared with. */
import type { CamQuestion, OfOutput } from "../question.ts";
import type { CamFacts, CamMap, ClassScore, Picture, Provenance, Tiles } from "./lenses.ts";

/** The same fact of either side: of A, which is looked at, and of B, which it is compared with. */
export type Both<T> = readonly [a: T, b: T];

/** What one side has otherwise: `strides`, 1 × 1, 2 × 2. */
export interface LayerChange {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}
/** How far apart the parameters of two matched layers are, with A's as the measure. */
export interface WeightDistance {
  /** |b - a| / |a| (L2) over all parameters of the layer; 0 where both are 0. */
  readonly relative: number;
  /** Largest |b - a|. */
  readonly largest: number;
}
/** A layer of both models. */
export interface LayerPair {
  readonly a: string;
  readonly b: string;
  readonly className: string;
  /** `order`: other names (or names that a library numbered), at the same place, and as alike as can be. */
  readonly by: "name" | "order";
  readonly changes: readonly LayerChange[];
  /** null: without parameters of equal shape; and while they are not read yet. */
  readonly weights: WeightDistance | null;
  /** Both have a kernel to be drawn; both have maps. */
  readonly kernels: boolean;
  readonly maps: boolean;
}
/** A layer that only one of the models has. */
export interface LonelyLayer {
  readonly name: string;
  readonly className: string;
  readonly side: "a" | "b";
}
/** A row of the comparison's table; `by` is in those of both models, `side` in those of one. */
export type DiffRow = LayerPair | LonelyLayer;

/** Two models layer by layer: the answer to `compare`, and its progress while weights are read. */
export interface ModelDiff extends Provenance {
  readonly names: Both<string>;
  /** In the order of execution; what only one side has stands between its neighbours. */
  readonly rows: readonly DiffRow[];
  /** Numbers of parameters, and multiply-adds for one picture. */
  readonly params: Both<number>;
  readonly macs: Both<number>;
  /** How pictures become inputs, in words; other words mean that the two do not see the same. */
  readonly preprocessing: Both<string>;
  /** Layers whose weights are compared, of how many. */
  readonly compared: number;
  readonly comparable: number;
}

/** `same`: a difference is drawn on the scale of what it is the difference of; `own`: from its largest value to the negative of it. */
export type DifferenceScale = "same" | "own";

/** One page of a layer's filters or maps of both models; positions count in the order of `sort`. */
export interface TilesRequest {
  /** A's name for it; B's is the layer that it was matched with. */
  readonly layer: string;
  readonly difference: DifferenceScale;
  /** `change`: what changed most first. */
  readonly sort: "index" | "change";
  readonly first: number;
  readonly count: number;
}
/** What `compareFilters` is asked: a page of kernels; read from the files, without an engine. */
export interface CompareFiltersRequest extends TilesRequest {
  /** One input channel, or `colour` for kernels of three. */
  readonly channel: number | "colour";
}
/** What `compareMaps` is asked: a page of feature maps of two pictures, given by their paths. */
export interface CompareMapsRequest extends TilesRequest {
  /** A's picture and B's; the same path where two models look at one picture. */
  readonly image: string;
  readonly otherImage: string;
}
/** One page of filters or maps of both, as 8-bit tiles for the panel: A and B on one scale. */
export interface ComparedTiles extends Provenance {
  readonly layers: Both<string>;
  /** [h, w, in, out] of kernels, [h, w, channels] of maps. */
  readonly shapes: Both<readonly number[]>;
  /** Filters (maps) that both have. */
  readonly total: number;
  /** Which of them the tiles are. */
  readonly indices: readonly number[];
  readonly a: Tiles;
  readonly b: Tiles;
  /** B - A, 128 = 0; null where the two cannot be subtracted, and `note` says why. */
  readonly difference: Tiles | null;
  readonly note: string | null;
  /** The scale of A and B; `signed`: zero in the middle. */
  readonly range: readonly [number, number];
  readonly signed: boolean;
  /** The value at the end of the difference's scale, and the largest |B - A| there is. */
  readonly magnitude: number;
  readonly largest: number;
  /**
   * |b - a| of every filter (map) that both have, as a share of the root mean square of A's norms; and |b - a| / |a| over all of them.
   * null where they cannot be subtracted.
   */
  readonly change: Float32Array | null;
  readonly relative: number | null;
}
/** Of a layer's filters, or of its maps for two pictures. */
export interface CompareNumbersRequest {
  readonly layer: string;
  /** null: filters. */
  readonly pictures: Both<string> | null;
  /** One filter or map; null: all of them. */
  readonly index: number | null;
}
/** [h, w, in] of a filter, [h, w] of a map, with the axis of filters (maps) last where all are asked for. */
export interface ComparedNumbers {
  readonly layers: Both<string>;
  readonly shapes: Both<readonly number[]>;
  readonly values: Both<Float32Array>;
  /** B - A, where the shapes are equal. */
  readonly difference: Float32Array | null;
}

/** What `compareCam` is asked: heat maps of A's question, and of the same classes in B. */
export interface CompareCamRequest {
  /** Of A: one layer, classes by A's numbers or the most likely of both. */
  readonly question: CamQuestion;
  /** The path of B's picture; A's is the question's. */
  readonly otherImage: string;
  readonly difference: DifferenceScale;
}
/** Heat maps of the same class. */
export interface CamPair {
  /** As the Grad-CAM lens draws them, at the size of each side's input; null: this side has no such class. */
  readonly maps: Both<CamMap | null>;
  /** B - A at A's size, 128 = 0; null where one side is missing. */
  readonly difference: Uint8Array | null;
}
/** Heat maps of both at matched layers: the answer to `compareCam`, a pair for each class. */
export interface ComparedCam extends Provenance {
  /** Both on one scale. */
  readonly sides: Both<CamFacts>;
  readonly pairs: readonly CamPair[];
  /** The value at the end of the difference's scale, and the largest |B - A| there is. */
  readonly magnitude: number;
  readonly largestDifference: number;
}

/** What `comparePredictions` is asked: `top` classes, the most likely of either side. */
export interface ComparePredictionsRequest extends OfOutput {
  /** Paths of A's picture and B's. */
  readonly image: string;
  readonly otherImage: string;
  readonly top: number;
}
/** What both networks say of their pictures: the answer to `comparePredictions`. */
export interface ComparedPredictions extends Provenance {
  /** A's output that was asked, and where in it, as `--target` takes it; null: the picture as a whole. */
  readonly output: string;
  readonly where: string | null;
  /** Whether that is one number, and no class: the only pair has its values. */
  readonly isNumber: boolean;
  /** The most likely of either side, best first. */
  readonly classes: readonly Both<ClassScore | null>[];
  /** Over all classes of both: half the sum of |p_b - p_a|, 0..1 (total variation); null without probabilities. */
  readonly distance: number | null;
  /** Whether both have the same class on top. */
  readonly agree: boolean;
}
/** Both pictures as their networks see them. */
export type ComparedPictures = Both<Picture>;
