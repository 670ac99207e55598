import { GraphBuilder, type ModelGraph, type NodeId } from "../../graph/index.ts";
import type { CensusLayer } from "./layers.ts";

/** Per picture and filter, [N, filters] each: what a census needs of a layer, reduced inside the engine. */
export interface Reduced {
  readonly max: NodeId;
  readonly min: NodeId;
  readonly mean: NodeId;
  /** Fraction of cells that are exactly 0. */
  readonly zeros: NodeId;
}

/** Appends the reductions of every layer, so that no map leaves the engine whatever the number of pictures. */
export function appendReductions(
  graph: ModelGraph,
  layers: readonly CensusLayer[],
): { graph: ModelGraph; reduced: Reduced[] } {
  const builder = new GraphBuilder(graph.nodes);
  const over = { axes: [1, 2], keepDims: false };
  const reduced = layers.map(({ node }): Reduced => {
    const isZero = builder.add("equal", "census_zero", [node, builder.scalar(0)]);
    const counted = builder.add("cast", "census_counted", [isZero], { dtype: "float32" });
    return {
      max: builder.add("max", "census_max", [node], over),
      min: builder.add("min", "census_min", [node], over),
      mean: builder.add("mean", "census_mean", [node], over),
      zeros: builder.add("mean", "census_zeros", [counted], over),
    };
  });
  return { graph: { ...graph, nodes: builder.nodes }, reduced };
}
