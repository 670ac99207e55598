import { inputError } from "../../shared/errors.ts";
import { asFloats, type FloatTensor } from "../../shared/tensor.ts";
import type { Scores, Subject } from "../types.ts";
import { objectiveGraph, type Objective } from "./objective.ts";

/** One evaluation of a batch: objective [N] and its gradient with respect to the input, [N, H, W, C]. */
export interface Ascent {
  (input: FloatTensor): Promise<{ value: Float32Array; gradient: Float32Array }>;
}

/** Compiles the part of the network below the objectives, with its gradient. Every row has its own objective. */
export async function ascent(
  { engine, differentiate }: Pick<Subject, "engine" | "differentiate">,
  scores: Scores,
  rows: readonly Objective[],
): Promise<Ascent> {
  const [input, ...others] = scores.graph.inputs;
  if (!input || others.length > 0)
    throw inputError("Maximising needs a model with one input; this one has more.");
  const objective = objectiveGraph(scores, rows);
  const { graph, grads } = differentiate(objective.graph, objective.value, [input.node]);
  const [gradient] = grads;
  if (!gradient) throw inputError("What is to be maximised does not depend on the model's input.");
  const feeds = [input.node, ...objective.feeds.map(({ node }) => node)];
  const program = await engine.compile(graph, feeds, [objective.value, gradient]);
  const fixed = objective.feeds.map(({ value }) => value);
  return async (x) => {
    const [value, slope] = (await program.run([x, ...fixed])).map(asFloats);
    if (!value || !slope) throw new RangeError("the engine returned no gradient");
    return { value: value.data, gradient: slope.data };
  };
}
