/** Where everything of a graph lies, in pixels of a drawing at its natural size; x to the right, y down. */
import type { GraphItem } from "../../../../src/shared/contract/graph.ts";

/** Names an item of a graph: `l12` is layer 12, `b3` is block 3. */
export type Key = `l${number}` | `b${number}`;

/** How an item is named. */
export const keyOf = (item: GraphItem): Key =>
  typeof item === "number" ? `l${item}` : `b${item.id}`;

/** One item; what is in an open block comes after it, and lies within it. */
export interface Box {
  readonly key: Key;
  readonly item: GraphItem;
  /** The block that it is in. */
  readonly parent: Key;
  readonly open: boolean;
  /** How many open blocks it is in. */
  readonly depth: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What one item gives another: from the lower border of one to the upper border of the other, or to or from the border of the block that both are in. */
export interface Line {
  readonly from: Key;
  readonly to: Key;
  /** Layers whose output flows along it. */
  readonly layers: readonly number[];
  /** x and y of its points, one after the other. */
  readonly points: readonly number[];
}

/** A graph as it is drawn with some of its blocks open. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}
