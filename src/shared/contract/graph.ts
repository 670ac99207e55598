/** The network as a drawing of nodes and lines: how its layers feed each other, and which belong together. */

import type { OfClass } from "../question.ts";
import type { ClassScore, Provenance } from "./lenses.ts";

/** What one layer gives another; both are places in the list of layers. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
}

/** A layer, by its place in the list of layers, or a block of them. */
export type GraphItem = number | GraphBlock;

/** Layers that belong together; every layer of a network is in exactly one block, or in one that is in it. */
export interface GraphBlock {
  /** Unique in its graph; the whole network is 0. */
  readonly id: number;
  /**
   * module: a part that has a name in the file (a module's path, a model in a model, names that begin alike). repeat: its items are the
   * same block again and again, one after another. unit: one of those, where it has no name. stage: layers one after another whose maps
   * are of one size. run: layers one after another.
   */
  readonly kind: "network" | "module" | "repeat" | "unit" | "stage" | "run";
  /** As it is named in the file; of a stage the size of its maps, `56 × 56`; empty where neither says anything. */
  readonly label: string;
  /** In the order of execution. */
  readonly items: readonly GraphItem[];
}

/** The answer to `graph`. */
export interface NetworkGraph {
  /** Each pair once. */
  readonly edges: readonly GraphEdge[];
  readonly network: GraphBlock;
}

/** What `flow` is asked: of a picture. */
export interface FlowRequest extends OfClass {
  readonly image: string;
}
/** How much of a class' score flows along each edge of the graph: the answer to `flow`. */
export interface Flow extends Provenance {
  readonly score: ClassScore;
  /**
   * In the order of the graph's edges, in logits: gradient x activation, summed. To first order the logit falls by so much without it. null
   * where the score does not depend on it.
   */
  readonly edges: readonly (number | null)[];
}
