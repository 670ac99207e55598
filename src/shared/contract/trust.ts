/** How far a heat map or an attribution can be trusted. */
import type { AttributeQuestion, CamQuestion } from "../question.ts";
import type { Provenance } from "./lenses.ts";

/** What `sanity` is asked: whether a map depends on what the network has learned. */
export interface SanityRequest {
  /** The map that is checked: of one target. */
  readonly question: CamQuestion | AttributeQuestion;
  /** Of the shuffling. */
  readonly seed: number;
}
/** The map with the weights of more and more layers shuffled, from the last downwards, compared with the map of the network. */
export interface SanityStage {
  /** The lowest layer that is shuffled, and how many layers with weights are; null and 0: the network as it is. */
  readonly downTo: string | null;
  readonly layers: number;
  /** Spearman's rank correlation of the magnitudes, -1..1. */
  readonly rankCorrelation: number;
  /** Structural similarity (Wang et al. 2004), -1..1. */
  readonly ssim: number;
}
/** Cascading randomisation (Adebayo et al. 2018). */
export interface Sanity extends Provenance {
  readonly stages: readonly SanityStage[];
  readonly seed: number;
  /** Whether the maps of shuffled networks differ from that of the network: by the mean rank correlation of all stages. */
  readonly verdict: "passed" | "doubtful" | "failed";
  /** What the result says of the map, in one sentence. */
  readonly meaning: string;
}
