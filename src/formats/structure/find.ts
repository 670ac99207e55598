/** What is asked of those who know structures (folders, caches): the one of a state dict. */
import type { ModelGraph, StructureUse } from "../../graph/index.ts";
import type { Json } from "../json.ts";
import type { StoredTensor } from "../tensors/stored.ts";
import type { Fit } from "./fit.ts";
import type { Structure } from "./structure.ts";

/** A network in a file of weights, by itself: its tensors by their keys in the file. */
export interface StateDict {
  /** Keys of the file that lead to it: `state_dict`, `ema`. */
  readonly path: readonly string[];
  readonly tensors: readonly StoredTensor[];
}

/** What is known of a network that no weight shows: from those who recorded its structure, or from what lies beside the file. */
export interface Told {
  /** Names of the classes. */
  readonly labels?: readonly string[];
  /** How pictures become its input. */
  readonly scaling?: NonNullable<ModelGraph["scaling"]>;
  /** What was assumed, in words. */
  readonly assumed?: readonly string[];
}

/** A structure that a state dict fits into. */
export interface Match {
  readonly structure: Structure;
  readonly fit: Fit;
  readonly weights: StateDict;
  readonly source: string;
  readonly confidence: StructureUse["confidence"];
  /** What is assumed with it, each as a phrase. */
  readonly assumed: readonly string[];
  /** See `StructureUse.candidates`. */
  readonly candidates: readonly string[];
  readonly told?: Told;
}
/** What was tried and does not fit, each as a sentence. */
export interface NoMatch {
  readonly tried: readonly string[];
}

/**
 * Asked with the networks that a file may be about, the likeliest first, and what it says beside them. Throws a ConvLensError for a
 * structure that was asked for and does not fit.
 */
export type StructureFinder = (
  weights: readonly StateDict[],
  said: Json,
) => Promise<Match | NoMatch>;
