import type { BoxChoice, NodeId, Pair } from "../../../graph/index.ts";
import type { BoxForm, Suppression } from "../types.ts";

/** A table [N, places, numbers] of boxes, in pixels where nothing else is said, their coordinates in the first four columns. */
export interface Decoded {
  readonly node: NodeId;
  /** What it was made of, by the outputs' indices. */
  readonly outputs: readonly number[];
  readonly why: string;
  /** What was taken for granted, in a sentence; null: what the form says. */
  readonly read: string | null;
  readonly guessed: boolean;
  readonly form: Exclude<BoxForm, "not decoded">;
  readonly objectness: number | null;
  readonly classes: readonly [from: number, to: number];
  /** The column of the class that stands for no object. */
  readonly none?: number;
  readonly suppression: Suppression;
  /** Where the places lie side by side. */
  readonly grid?: Pair;
  /** By the file's own suppression; its coordinates may be shares of the picture. */
  readonly chosen?: BoxChoice;
}
