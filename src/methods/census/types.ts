import type { Inputs } from "../types.ts";

/** One filter over all pictures. */
export interface FilterCensus {
  readonly max: number;
  readonly min: number;
  /** Mean over all cells of all pictures. */
  readonly mean: number;
  /** Fraction of cells that are exactly 0. */
  readonly zeroFraction: number;
  /** Never above 0 on any picture, where the activation lets next to nothing through below 0. */
  readonly dead: boolean;
  /** Alive, and never at or below 0, or always at the activation's limit. */
  readonly saturated: boolean;
  /** One value everywhere, other than dead. */
  readonly constant: boolean;
  /** Of each picture's strongest value: equal bins on 0..max. */
  readonly histogram: { readonly max: number; readonly counts: readonly number[] };
  /** The pictures it fires at most, strongest first. */
  readonly top: readonly { readonly image: string; readonly value: number }[];
}

/** The filters of one layer, in the order of its channels. */
export interface LayerCensus {
  readonly name: string;
  readonly filters: readonly FilterCensus[];
}

/** What was counted over all pictures. */
export interface Census {
  /** How many pictures were looked at: "dead" means nothing without it. */
  readonly images: number;
  readonly layers: readonly LayerCensus[];
  /** Pictures that could not be read, with the reason; they do not count. */
  readonly skipped: readonly { readonly image: string; readonly reason: string }[];
}

/** A batch of pictures, in the order of `names`. */
export interface CensusBatch {
  readonly names: readonly string[];
  readonly inputs: Inputs;
}

/** A tally as JSON can hold it. */
export interface TallyState {
  readonly count: number;
  readonly max: number;
  readonly min: number;
  readonly meanSum: number;
  readonly zeroSum: number;
  readonly bins: readonly number[];
  readonly binMax: number;
  readonly best: readonly { readonly image: string; readonly value: number }[];
}

/** What a census is after some pictures, so that it can go on from there. */
export interface CensusState {
  readonly images: number;
  /** One tally per filter of each counted layer, in the order of the census. */
  readonly tallies: readonly (readonly TallyState[])[];
}
