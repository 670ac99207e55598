import { asFloats, type FloatTensor } from "../../base/tensor.ts";
import { repeat } from "../repeat.ts";
import { runRows } from "../batching.ts";
import type { Inputs, Scores, Subject } from "../types.ts";
import { objectiveGraph, type Objective } from "./objective.ts";

/** What picture `i` of a batch reaches of objective `i`, [N]. */
export async function evaluateEach(
  { engine }: Pick<Subject, "engine">,
  scores: Scores,
  objectives: readonly Objective[],
  pictures: FloatTensor,
): Promise<Float32Array> {
  const { graph, value, feeds } = objectiveGraph(scores, objectives);
  const inputs = graph.inputs.map(({ node }) => node);
  const program = await engine.compile(
    graph,
    [...inputs, ...feeds.map(({ node }) => node)],
    [value],
  );
  const [reached] = await runRows(engine, program, [pictures, ...feeds.map((feed) => feed.value)]);
  if (!reached) throw new RangeError("the engine returned no value");
  return asFloats(reached).data;
}

/** What one input, of batch size 1, reaches of every objective, [objectives]: the network below runs once for all of them. */
export async function evaluateAll(
  { engine }: Pick<Subject, "engine">,
  scores: Scores,
  objectives: readonly Objective[],
  input: Inputs,
): Promise<Float32Array> {
  const { graph, value, looksAt, feeds } = objectiveGraph(scores, objectives);
  const inputs = graph.inputs.map(({ node }) => node);
  const below = await engine.compile(graph, inputs, looksAt);
  const seen = await below.run(input);
  const above = await engine.compile(
    graph,
    [...looksAt, ...feeds.map(({ node }) => node)],
    [value],
  );
  const [reached] = await above.run([
    ...seen.map((tensor) => repeat(tensor, objectives.length)),
    ...feeds.map((feed) => feed.value),
  ]);
  if (!reached) throw new RangeError("the engine returned no value");
  return asFloats(reached).data;
}
