import { GraphBuilder, type NodeId } from "../../shared/graph/index.ts";
import { inputError } from "../../shared/errors.ts";
import { asFloats, type FloatTensor, type TensorData } from "../../shared/tensor.ts";
import { seedOf } from "../cam/head.ts";
import type { Scores, Subject } from "../types.ts";

/** d score / d input for a batch of rows, each with its own class. */
export interface InputGradient {
  /** Gradients [N, H, W, C] and logits [N, units] of the rows. */
  (
    rows: FloatTensor,
    classes: readonly number[],
  ): Promise<{ gradient: FloatTensor; logits: FloatTensor }>;
}

/**
 * Compiles the gradient of the class scores with respect to the model's (only) input. `differentiate` may carry other
 * rules (guided backpropagation). `scoreNode` is the logit, or the probability for `--score probability`.
 */
export async function inputGradient(
  { engine, differentiate }: Pick<Subject, "engine" | "differentiate">,
  scores: Scores,
  scoreNode: NodeId = scores.logits,
): Promise<InputGradient> {
  const [input, ...others] = scores.graph.inputs;
  if (!input || others.length > 0)
    throw inputError("Attribution needs a model with one input; this one has more.");
  const start = new GraphBuilder(scores.graph.nodes);
  const seed = start.input("attribution_seed", start.shape(scoreNode));
  const seeded = { ...scores.graph, nodes: start.nodes };
  const { graph, grads } = differentiate(seeded, scoreNode, [input.node], seed);
  const [gradient] = grads;
  if (!gradient) throw inputError("The class scores do not depend on the model's input.");
  const program = await engine.compile(graph, [input.node, seed], [gradient, scores.logits]);
  return async (rows: TensorData, classes) => {
    const [value, logits] = (await program.run([rows, seedOf(scores, classes)])).map(asFloats);
    if (!value || !logits) throw new RangeError("the engine returned no gradient");
    return { gradient: value, logits };
  };
}
