import type { Dead } from "../dead.ts";
import type { Facts } from "../facts.ts";
import type { Box, Drawing, Key, Line } from "../layout/types.ts";

/** A graph and everything that its looks depend on. */
export interface Scene {
  readonly drawing: Drawing;
  readonly facts: (box: Box) => Facts;
  /** What flows along lines; none where it is not known, or said already. */
  readonly words: ReadonlyMap<Line, string>;
  /** Whether a line ends at the border of the block that its other end is in. */
  readonly leaves: (line: Line) => boolean;
  /** A small picture of what a node gives. */
  readonly thumbnail: (box: Box) => OffscreenCanvas | null;
  /** Thickness of a line beside the thickest, 0..1; null: all alike. */
  readonly weight: (line: Line) => number | null;
  /** Filters that never fire; null: nothing is known of them. */
  readonly dead: (box: Box) => Dead | null;
  /** The largest of all that are shown. */
  readonly most: { readonly params: number; readonly macs: number };
  readonly selected: Key | null;
  readonly hovered: Key | null;
  /** What a search found; null: nothing is searched for. */
  readonly found: ReadonlySet<Key> | null;
  /** The name of the colour that marks a box; null: none does. */
  readonly mark: (box: Box) => string | null;
}
