import type { NodeId } from "../shared/graph/index.ts";
import { asFloats, type FloatTensor } from "../shared/tensor.ts";
import { runRows } from "./rows.ts";
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
