import type { Differentiate } from "../../engine/types.ts";
import { inputError } from "../../base/errors.ts";
import { GraphBuilder } from "../../graph/index.ts";
import { asFloats, type FloatTensor } from "../../base/tensor.ts";
import { runRows } from "../batching.ts";
import { objectiveGraph } from "./objective.ts";
import { penaltyNode, total } from "./penalties.ts";
import type { MaximizeRequest } from "./types.ts";

/**
 * One evaluation of a batch: objective [N], without penalties, and the gradient of objective minus penalties with respect to the
 * input, [N, H, W, C].
 */
export interface Ascent {
  (input: FloatTensor): Promise<{ value: Float32Array; gradient: Float32Array }>;
}

/** Compiles the part of the network below the objectives, with its gradient. Every row has its own objective. */
export async function ascent(
  request: MaximizeRequest,
  differentiate: Differentiate = request.subject.differentiate,
): Promise<Ascent> {
  const { subject, scores, objectives } = request;
  const [input, ...others] = scores.graph.inputs;
  if (!input || others.length > 0)
    throw inputError("Maximising needs a model with one input; this one has more.");
  const objective = objectiveGraph(scores, objectives);
  const builder = new GraphBuilder(objective.graph.nodes);
  const maps =
    objective.looksAt.find((id) => builder.shape(id).length === 4) ?? request.differAt ?? null;
  const penalty = penaltyNode(builder, input.node, maps, request);
  const climbed =
    penalty === null
      ? objective.value
      : builder.add("sub", "climbed", [total(builder, objective.value), penalty]);
  const { graph, grads } = differentiate({ ...objective.graph, nodes: builder.nodes }, climbed, [
    input.node,
  ]);
  const [gradient] = grads;
  if (!gradient) throw inputError("What is to be maximised does not depend on the model's input.");
  const feeds = [input.node, ...objective.feeds.map(({ node }) => node)];
  const program = await subject.engine.compile(graph, feeds, [objective.value, gradient]);
  const fixed = objective.feeds.map(({ value }) => value);
  // copies that are to differ know of each other
  const together = (request.penalties?.diversity ?? 0) !== 0 && (request.copies ?? 1) > 1;
  if (together && program.batch !== null)
    throw inputError(
      `Copies that are to differ are run at once, and the model takes ${program.batch} picture(s) at a time; leave out the diversity, or export the model with a free batch.`,
    );
  return async (x) => {
    const fed = [x, ...fixed];
    const found = await (together ? program.run(fed) : runRows(subject.engine, program, fed));
    const [value, slope] = found.map(asFloats);
    if (!value || !slope) throw new RangeError("the engine returned no gradient");
    return { value: value.data, gradient: slope.data };
  };
}
