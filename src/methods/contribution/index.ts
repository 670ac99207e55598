/**
 * How much of a class' score flows through a place: gradient x activation, summed over its cells. To first order it is by how much the logit
 * would fall if the values there were 0 (Molchanov et al. 2016, "Pruning Convolutional Neural Networks", whose criterion is its size).
 */
import { at } from "../../base/at.ts";
import { asFloats } from "../../base/tensor.ts";
import { GraphBuilder, type ModelGraph, type NodeId } from "../../graph/index.ts";
import { runRows } from "../batching.ts";
import { seedOf } from "../cam/feeds.ts";
import type { Inputs, Scores, Subject } from "../types.ts";

export { withTaps, type Wire } from "./wires.ts";

type Of = Pick<Subject, "engine" | "differentiate">;
/** Axes that are kept beside the batch: none, or that of the channels. */
type Kept = "none" | "channels";

/**
 * The contribution of each of `places`, nodes of `graph` (which has the nodes of `scores`), to a class of the first picture: one number, or
 * one a channel. null where the score does not depend on it.
 */
export async function contributions(
  { engine, differentiate }: Of,
  scores: Scores,
  graph: ModelGraph,
  places: readonly NodeId[],
  { inputs, classIndex, kept }: { inputs: Inputs; classIndex: number; kept: Kept },
): Promise<readonly (Float32Array | null)[]> {
  const start = new GraphBuilder(graph.nodes);
  const seed = start.input("contribution_seed", start.shape(scores.logits));
  const seeded = { ...graph, nodes: start.nodes };
  const back = differentiate(seeded, scores.logits, places, seed);
  const builder = new GraphBuilder(back.graph.nodes);
  const sums = places.map((place, i) => {
    const gradient = back.grads[i];
    if (gradient === null || gradient === undefined) return null;
    const product = builder.add("mul", "contribution", [place, gradient]);
    const { length } = builder.shape(product);
    const axes = Array.from({ length: length - (kept === "none" ? 1 : 2) }, (_, axis) => axis + 1);
    if (axes.length === 0) return product;
    return builder.add("sum", "contribution_sum", [product], { axes, keepDims: false });
  });
  const fetched = sums.filter((sum) => sum !== null);
  if (fetched.length === 0) return sums.map(() => null);
  const feeds = [...graph.inputs.map(({ node }) => node), seed];
  const program = await engine.compile({ ...graph, nodes: builder.nodes }, feeds, fetched);
  const row = seedOf(scores, [classIndex]);
  const values = (await runRows(engine, program, [...inputs, row])).map(asFloats);
  return sums.map((sum) => {
    if (sum === null) return null;
    const { data, shape } = at(values, fetched.indexOf(sum));
    return Float32Array.from(data.subarray(0, data.length / at(shape, 0)));
  });
}
