/** Results of the lenses as they cross to a panel: 8-bit tiles for the eye, floats only on demand. */
import type { CamMethod } from "../catalogue.ts";
import type { CamQuestion, OfClass } from "../question.ts";
import type { EngineName } from "../engines.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import type { Answer, Thresholds } from "./outputs.ts";
import type { TrustBadge } from "./badge.ts";

/** Who computed it and how long it took, shown in the footer. */
export interface Provenance {
  readonly engine: EngineName | "file";
  readonly seconds: number;
}

/** Equal tiles of 8-bit pixels, tile after tile, row-major; 3 channels are RGB, 1 is looked up in a colour map. */
export interface Tiles {
  readonly count: number;
  /** Index of the first tile sent, in the whole of `total`. */
  readonly first: number;
  readonly total: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
  /** Value range of each tile sent, [min, max] pairs. */
  readonly ranges: Float32Array;
}

/** `filter`/`map`: each tile 0..1 on its own; `layer`: one scale; `signed`: 128 = zero, one scale for the layer. */
export type FilterScale = "filter" | "layer" | "signed";
/** `map`: each map from its own minimum to its maximum; `layer`: all maps on one scale. */
export type MapScale = "map" | "layer";

/** What `filters` is asked: tiles `first` to `first + count` of a view of a layer's kernel. */
export interface FiltersRequest {
  readonly layer: string;
  readonly scale: FilterScale;
  /** `colour` (3-channel kernels), one input channel, or `all` channels of one filter after another. */
  readonly view: "colour" | { readonly channel: number } | { readonly filter: number };
  readonly first: number;
  readonly count: number;
}
/** One page of a kernel as 8-bit tiles, and what is known of all: the answer to `filters`. */
export interface FilterGrid extends Provenance {
  readonly layer: string;
  /** [h, w, in, out] as stored. */
  readonly kernelShape: readonly [number, number, number, number];
  /** The view that was drawn: `colour` falls back to channel 0 where there are not 3. */
  readonly view: FiltersRequest["view"];
  readonly tiles: Tiles;
  /** Per filter of the whole layer: L2 norm, fraction of exact zeros, mean. */
  readonly norms: Float32Array;
  readonly sparsity: Float32Array;
  readonly means: Float32Array;
  readonly bias: Float32Array | null;
  /** Filters whose norm is nothing beside their layer's, ascending: what is drawn of them is noise. */
  readonly nearZero: readonly number[];
  /** Smallest and largest weight of the layer. */
  readonly extent: { readonly min: number; readonly max: number };
}
/** The weights of one filter: the answer to `filterValues`. */
export interface FilterValues {
  readonly layer: string;
  readonly filter: number;
  /** [h, w, in], row-major. */
  readonly shape: readonly [number, number, number];
  readonly kernel: Float32Array;
  /** null: the layer has no bias. */
  readonly bias: number | null;
}

/** What `activations` is asked: maps `first` to `first + count` of a layer for one picture. */
export interface ActivationsRequest {
  readonly layer: string;
  readonly image: string;
  readonly scale: MapScale;
  /** Before the layer's own activation. */
  readonly preActivation: boolean;
  /** Over a volume: the slice of the maps that is drawn; left out: all, one below another. */
  readonly slice?: number;
  readonly first: number;
  readonly count: number;
}
/** One page of feature maps as 8-bit tiles: the answer to `activations`. */
export interface ActivationGrid extends Provenance {
  readonly layer: string;
  readonly image: string;
  /** [h, w, channels] */
  readonly mapShape: readonly [number, number, number];
  readonly tiles: Tiles;
  /** Channels of the whole layer whose map is all <= 0 / all equal on this picture (one picture: N = 1). */
  readonly dead: readonly number[];
  readonly constant: readonly number[];
  /** [channels]: mean of each map, and the fraction of its cells that are exactly 0. */
  readonly means: Float32Array;
  readonly zeroFraction: Float32Array;
}
/** One feature map in full, [h, w], row-major: the answer to `mapValues`. */
export interface MapValues {
  readonly layer: string;
  readonly channel: number;
  readonly shape: readonly [number, number];
  readonly values: Float32Array;
}
/** What `cellMaps` is asked: a cell of a layer's maps, and of how many maps. */
export interface CellMapsRequest {
  readonly layer: string;
  readonly image: string;
  readonly y: number;
  readonly x: number;
  readonly count: number;
}
/** The maps that are largest at a cell, the largest first, and their values there: the answer to `cellMaps`. */
export interface CellMaps {
  readonly channels: readonly number[];
  readonly values: readonly number[];
}
/** All values of a layer, row-major, to be saved: the answer to `layerNumbers`. */
export interface LayerNumbers {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
/** What `overview` is asked: `perLayer` maps of each of `layers`, by their names; left out: of layers from early to deep. */
export interface OverviewRequest {
  readonly image: string;
  readonly perLayer: number;
  readonly layers?: readonly string[];
  /** Maps are chosen by what they contribute to this class, too; left out: by how much they vary alone. */
  readonly of?: OfClass;
}
/** One layer of an overview: the maps that tell most of the picture, each tile on its own scale. */
export interface OverviewRow {
  readonly layer: string;
  readonly className: string;
  readonly mapShape: readonly [number, number, number];
  /** Those maps, and which channels they are. */
  readonly channels: readonly number[];
  /** What each of them contributes to the class, in logits (gradient x activation); null: not known. */
  readonly contributions: readonly number[] | null;
  readonly tiles: Tiles;
  /** How many maps of the layer are nowhere above 0 on this picture. */
  readonly dead: number;
}
/** A network from early to deep for one picture: the answer to `overview`, at most 40 layers, or those asked for. */
export interface Overview extends Provenance {
  readonly image: string;
  readonly rows: readonly OverviewRow[];
}

/** In pixels of the network's input; may reach over the border (zero padding). */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What `dotProduct` is asked: row `y` and column `x` of one filter's map, both from 0. */
export interface DotProductRequest {
  readonly layer: string;
  readonly image: string;
  readonly filter: number;
  readonly y: number;
  readonly x: number;
}
/** How one number of a feature map came about: |w| |x| cos(angle) + bias, then what followed. */
export interface DotProduct extends Provenance {
  readonly layer: string;
  readonly filter: number;
  readonly y: number;
  readonly x: number;
  /** [h, w, in]; for a depthwise convolution in = 1. Cells in the padding are 0 in `patch`. */
  readonly shape: readonly [number, number, number];
  /** Each filter reads one channel. */
  readonly depthwise: boolean;
  /** Of the patch' channels, where they are the picture's own; null: channels of maps. */
  readonly channelNames: readonly string[] | null;
  readonly patch: Float32Array;
  readonly kernel: Float32Array;
  readonly products: Float32Array;
  readonly weightNorm: number;
  readonly patchNorm: number;
  readonly cosine: number;
  readonly angleDegrees: number;
  readonly dot: number;
  readonly bias: number;
  /** In order: `bias`, `batch norm`, `ReLU`, ...: the value after each, and its own numbers of this filter. */
  readonly steps: readonly {
    readonly name: string;
    readonly value: number;
    readonly numbers: readonly { readonly name: string; readonly value: number }[];
  }[];
  /** What the engine computed at that cell of the layer's (or its last step's) output: equals the last step. */
  readonly networkValue: number;
  /** The patch in the layer's own input, and what it sees of the picture. */
  readonly patchRect: Rect;
  readonly pictureRect: Rect | null;
}

/** A class and what the network says of it, before and after its softmax or sigmoid. */
export interface ClassScore {
  /** From 0; the label is null where the model has none. */
  readonly index: number;
  readonly label: string | null;
  /** null where the model ends without softmax or sigmoid. */
  readonly probability: number | null;
  readonly logit: number;
}
/** One way to make the network's input of a picture, and what the network says then. */
export interface InputCandidate {
  /** As `NAMED_SCALINGS` has it; `auto`: what is used now, where that has no name. */
  readonly name: string;
  readonly preprocessing: Preprocessing;
  /** Whether it is what is used now. */
  readonly used: boolean;
  /** What the network gets of the picture, and between which values. */
  readonly view: Picture;
  readonly range: readonly [least: number, largest: number];
  /** The class on top, and its probability, 0..1. */
  readonly top: ClassScore;
  readonly confidence: number;
}
/** The usual ways to make an input of one picture, the surest first: the answer to `inputCandidates`. */
export interface InputCandidates extends Provenance {
  readonly candidates: readonly InputCandidate[];
}
/** What `predict` is asked: what an output says of one picture. */
export interface PredictRequest {
  readonly image: string;
  /** How many classes are told. */
  readonly top: number;
  /** By its name; left out or null: the first. */
  readonly output?: string | null;
  /** Of a detector's boxes; what is left out is as usual. */
  readonly thresholds?: Partial<Thresholds>;
}
/** The most likely classes of one picture, best first, or what the output has in their place: the answer to `predict`. */
export interface Prediction extends Provenance {
  readonly image: string;
  /** Empty where the output's numbers are no class scores. */
  readonly classes: readonly ClassScore[];
  /**
   * The logarithm of the sum of exp(logit) over all classes of which one is right, where the model ends without softmax:
   * exp(logit - logNormalizer) is what softmax would make of a logit. Null elsewhere.
   */
  readonly logNormalizer: number | null;
  /** The output that is told of, by its name, and what it says. */
  readonly output: string;
  readonly answer: Answer;
  /** How the picture became the input. */
  readonly preprocessing: Preprocessing;
}

/** What `cam` is asked: one question about one picture. */
export interface CamRequest {
  readonly question: CamQuestion;
  /** Also measures how well each map orders the pixels, which takes some forty runs a map. */
  readonly trust: boolean;
}
/** The heat map of one class: numbers at the layer's resolution, and bytes to be drawn. */
export interface CamMap {
  readonly score: ClassScore;
  /** Layer resolution, after ReLU, before any normalisation. Merged: at the size of the input, 0..1. */
  readonly raw: Float32Array;
  readonly max: number;
  /** Nothing in this layer speaks for the class: the map is zero, and that is a result. */
  readonly noPositiveEvidence: boolean;
  /** Bilinearly upsampled to `heatmapSize`, then 255 = the largest value of all maps. */
  readonly heatmap: Uint8Array;
  /** null until it is measured, and where it was not asked for. */
  readonly badge: TrustBadge | null;
}
/** What heat maps of one picture have in common. */
export interface CamFacts {
  readonly question: CamQuestion;
  readonly image: string;
  readonly method: CamMethod;
  readonly layers: readonly string[];
  /** Why this layer, or how several were merged. */
  readonly why: string;
  readonly minus: ClassScore | null;
  /** Where in the output the targets are, as `--target` has it; null: the picture as a whole. */
  readonly where: string | null;
  readonly rawShape: readonly [number, number];
  /** Over a volume: how many slices stand one below another, in a map and in the input. */
  readonly slices?: readonly [map: number, input: number];
  /** The input that the maps lie over, and all those that the layer's cells are positions of. */
  readonly input: string;
  readonly pictures: readonly string[];
  /** [height, width] of that input. */
  readonly heatmapSize: readonly [number, number];
  /** The common scale: largest value of all maps. */
  readonly scaleMax: number;
}
/** Heat maps of one picture, one for each target of the question: the answer to `cam`. */
export interface Cam extends CamFacts, Provenance {
  readonly maps: readonly CamMap[];
}

/** An 8-bit RGBA picture, [height, width, 4], row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
  /** Of a series. */
  readonly curves?: Curves;
  /** Of a volume: how many slices stand one below another. */
  readonly slices?: number;
}
/** A series as curves: what each of its channels reaches in each of `columns` stretches of its `length` steps. */
export interface Curves {
  readonly length: number;
  readonly channels: number;
  readonly columns: number;
  /** [channels, columns], 0 at `min` and 255 at `max`. */
  readonly low: Uint8Array;
  readonly high: Uint8Array;
  readonly min: number;
  readonly max: number;
}
/** A picture or array of the strip, before any preprocessing: the answer to `image`. */
export interface ImageInfo {
  readonly path: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** At most 96 pixels a side. */
  readonly thumbnail: Picture;
  /** What was assumed, converted or repaired in it, in words. */
  readonly notes: readonly string[];
}
