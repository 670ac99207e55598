import type { NodeId } from "../graph/index.ts";
import { asFloats, type FloatTensor } from "../base/tensor.ts";
import { runRows } from "./batching.ts";
import type { Inputs, Subject } from "./types.ts";

/** One forward pass: the values of `fetches`, batch axis kept, for the model's inputs. */
export async function forward(
  { graph, engine }: Pick<Subject, "graph" | "engine">,
  inputs: Inputs,
  fetches: readonly NodeId[],
): Promise<FloatTensor[]> {
  const feeds = graph.inputs.map(({ node }) => node);
  const program = await engine.compile(graph, feeds, fetches);
  return (await runRows(engine, program, inputs)).map(asFloats);
}
