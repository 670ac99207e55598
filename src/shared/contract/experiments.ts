/** Requests and results of the lenses that experiment with a network: maximise, attack, attribute, count. */
import type { AttackMethod, AttributionName } from "../catalogue.ts";
import type { AttributeQuestion, BaselineName, MaximizeQuestion } from "../question.ts";
import type { ClassScore, Provenance } from "./lenses.ts";
import type { TrustBadge } from "./badge.ts";

export type { BaselineName, MaximizeOptions, MaximizeTarget } from "../question.ts";

/** 8-bit RGB pictures of all targets (copies of one after another), [count, height, width, 3]. */
export interface MaximizedPictures {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /** Objective of each picture so far, without penalties; in the end that of the clipped 8-bit picture. */
  readonly values: Float32Array;
  readonly step: number;
  readonly steps: number;
}
/** Inputs that maximise their objectives: the answer to `maximize`. */
export interface Maximized extends Provenance, MaximizedPictures {
  readonly question: MaximizeQuestion;
  /** On the clipped 8-bit picture: the class' probability, null for filters. */
  readonly probabilities: readonly (number | null)[];
  /** Objective before the first step and after each, one row of `count` per step. */
  readonly history: readonly Float32Array[];
  /** Largest objective of each target over the pictures at hand; null where there are none. */
  readonly best: readonly Reference[] | null;
  /** Where in the network's answer classes are maximised; null: filters are. */
  readonly of: MaximizedPlace | null;
}
/** A place in an output whose classes, or number, are maximised. */
export interface MaximizedPlace {
  readonly output: string;
  /** As `--target` takes it; null: the picture as a whole. */
  readonly where: string | null;
  readonly labels: readonly string[] | null;
  /** Of each target what its picture shows, where that is one number and no class. */
  readonly meanings: readonly (string | null)[];
}
/** The picture at hand that excites a target most. */
export interface Reference {
  readonly value: number;
  readonly image: string;
  /** Of how many pictures. */
  readonly images: number;
}

/** One changed pixel: column and row in the network's input, from 0, and its 8-bit colour. */
export interface AttackedPixel {
  readonly x: number;
  readonly y: number;
  readonly rgb: readonly [number, number, number];
}
/** The best attack so far: progress' `partial`, sent whenever a better one is found. */
export interface AttackProgress {
  readonly pixels: readonly AttackedPixel[];
  /** Of the true class, or of the target. */
  readonly probability: number;
  readonly evaluations: number;
  readonly evaluationsPerSecond: number;
  /** The classes that are likeliest with it, the first of them first; none where a number is attacked. */
  readonly leaders: readonly ClassScore[];
}
/** What an attack came to, with its story before and after: the answer to `attack`. */
export interface Attack extends Provenance, AttackProgress {
  readonly image: string;
  readonly method: AttackMethod;
  /** Whether the class on top is now `target` or, where that is null, any but the true one. */
  readonly success: boolean;
  readonly trueClass: number;
  /** null: any other class would do. */
  readonly target: number | null;
  /** The output that is attacked, and where in it, as `--target` takes it; null: the picture as a whole. */
  readonly output: string;
  readonly where: string | null;
  /** Of a number, which is no class: what it is called, what it was, and which way it was to go; `probability` is what it came to. */
  readonly value: {
    readonly name: string;
    readonly before: number;
    readonly raise: boolean;
  } | null;
  readonly before: readonly ClassScore[];
  readonly after: readonly ClassScore[];
  /** [height, width] of the pictures below. */
  readonly size: readonly [number, number];
  /** RGBA before and after. */
  readonly pictureBefore: Uint8Array;
  readonly pictureAfter: Uint8Array;
  /** Grad-CAM of the class on top before, on the picture before and after, 255 = largest of both; null without a layer. */
  readonly camBefore: Uint8Array | null;
  readonly camAfter: Uint8Array | null;
  /** The feature maps that changed most, strongest first: both on one scale, 0 = the smallest and 255 = the largest cell of the two. */
  readonly changedMaps: readonly {
    readonly layer: string;
    readonly channel: number;
    readonly change: number;
    readonly size: readonly [number, number];
    readonly before: Uint8Array;
    readonly after: Uint8Array;
  }[];
  /** Exact and screen: 255 = a pixel whose best corner leaves the class' probability untouched, 0 = brings it to 0. */
  readonly map: Uint8Array | null;
}

/** What `attribute` is asked: one question about one picture. */
export interface AttributeRequest {
  readonly question: AttributeQuestion;
  /** Also measures how well the map orders the pixels. */
  readonly trust: boolean;
}
/** The attribution of one class: the answer to `attribute`. */
export interface Attribute extends Provenance {
  readonly question: AttributeQuestion;
  readonly image: string;
  readonly method: AttributionName;
  readonly score: ClassScore;
  /** Where in the output the class is, as `--target` has it; null: the picture as a whole. */
  readonly where: string | null;
  /** The input that is attributed. */
  readonly input: string;
  /** [height, width] */
  readonly size: readonly [number, number];
  /** Summed over channels; `signed`: 128 = zero, else 0..255; scaled by the 99th percentile of the magnitude. */
  readonly heat: Uint8Array;
  /** [height, width]: the numbers that `heat` is drawn from. */
  readonly values: Float32Array;
  readonly signed: boolean;
  readonly scale: number;
  readonly baseline: BaselineName;
  /** null for methods without the axiom. */
  readonly completeness: Completeness | null;
  readonly steps: number;
  /** To be said beside the map of a method that does not explain what it seems to; null: none. */
  readonly warning: string | null;
  /** null until it is measured, and where it was not asked for. */
  readonly badge: TrustBadge | null;
}
/** Completeness (Sundararajan et al. 2017): how far the attributions' sum is from the change of the logit. */
export interface Completeness {
  /** sum(attribution) - difference */
  readonly gap: number;
  /** F(x) - F(baseline) on the logit. */
  readonly difference: number;
  /** The gap after each doubling of the steps. */
  readonly history: readonly { readonly steps: number; readonly gap: number }[];
  /** What it says of the map, in one sentence. */
  readonly meaning: string;
}

/** What `census` is asked: the pictures to count over. */
export interface CensusRequest {
  /** A folder of pictures, or pictures. */
  readonly paths: readonly string[];
}
/** A layer that was counted: its output comes straight out of an activation function. */
export interface CensusLayer {
  readonly name: string;
  readonly filters: number;
  /** Filters never above 0, where the activation lets next to nothing through below 0. */
  readonly dead: readonly number[];
  /** Alive, and never off (such an activation) or always at its limit (6 for ReLU6). */
  readonly saturated: readonly number[];
  /** Alive, with one value at every cell of every picture. */
  readonly constant: readonly number[];
  /** [filters] over all pictures: fraction of cells that are exactly 0, and largest value. */
  readonly zeroFraction: Float32Array;
  readonly max: Float32Array;
}
/** Which filters of a network live, over a set of pictures: the answer to `census`. */
export interface Census extends Provenance {
  /** Pictures counted: dead means nothing without it. */
  readonly images: number;
  readonly layers: readonly CensusLayer[];
  /** Pictures that were to be counted, those of them that could not be read, and those an interrupted count had counted. */
  readonly total: number;
  readonly unreadable: number;
  readonly resumed: number;
  /** The first of those that could not be read. */
  readonly skipped: readonly { readonly image: string; readonly reason: string }[];
}
/** What a filter does for the classes: the mean change of the logit by its map (`methods/census/influence.ts`), largest first. */
export interface Influence {
  readonly images: number;
  readonly up: readonly ClassEffect[];
  readonly down: readonly ClassEffect[];
}
interface ClassEffect {
  readonly index: number;
  readonly label: string | null;
  readonly effect: number;
}
/** What `filterProfile` is asked: one filter of a layer that the last census counted. */
export interface FilterProfileRequest {
  readonly layer: string;
  readonly filter: number;
}
/** What a census knows of one filter, with the patches that fired. */
export interface FilterProfile extends Provenance {
  readonly layer: string;
  readonly filter: number;
  readonly images: number;
  readonly max: number;
  readonly mean: number;
  readonly zeroFraction: number;
  readonly histogram: { readonly max: number; readonly counts: readonly number[] };
  /** Nearest filter of the layer by |cosine| of the kernels. */
  readonly twin: { readonly filter: number; readonly cosine: number } | null;
  /** null where the class scores do not depend on the layer. */
  readonly influence: Influence | null;
  /** `x`, `y`: the upper left corner in the picture as the network sees it. */
  readonly patches: readonly {
    readonly image: string;
    readonly value: number;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly rgba: Uint8Array;
  }[];
}
