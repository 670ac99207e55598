import type { NetworkGraph } from "../../../../src/shared/contract/graph.ts";
import type { Drawing } from "./types.ts";

/** What the thread is told: a network, or which of its blocks (by id) are open. */
export type Asked =
  { readonly graph: NetworkGraph } | { readonly ask: number; readonly open: readonly number[] };
/** Its answer. */
export interface Laid {
  readonly ask: number;
  readonly drawing: Drawing;
}
