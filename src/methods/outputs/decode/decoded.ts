import type { NodeId, Pair } from "../../../graph/index.ts";
import type { BoxForm, Suppression } from "../types.ts";

/** A table [N, places, numbers] of boxes in pixels, their coordinates in the first four columns. */
export interface Decoded {
  readonly node: NodeId;
  /** What it was made of, by the outputs' indices. */
  readonly outputs: readonly number[];
  readonly why: string;
  /** What was taken for granted, in a sentence. */
  readonly read: string;
  readonly guessed: boolean;
  readonly form: Exclude<BoxForm, "not decoded">;
  readonly objectness: number | null;
  readonly classes: readonly [from: number, to: number];
  readonly suppression: Suppression;
  /** Where the places lie side by side. */
  readonly grid?: Pair;
}
