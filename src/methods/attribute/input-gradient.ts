import { GraphBuilder, type NodeId } from "../../graph/index.ts";
import { inputError } from "../../base/errors.ts";
import { asFloats, type FloatTensor } from "../../base/tensor.ts";
import { fedWith, type PictureOf } from "../repeat.ts";
import { seedOf } from "../cam/feeds.ts";
import { runRows } from "../batching.ts";
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
 * Compiles the gradient of the class scores with respect to the model's input that is the picture. `differentiate` may carry
 * other rules (guided backpropagation). `scoreNode` is the logit, or the probability for `--score probability`.
 */
export async function inputGradient(
  { engine, differentiate }: Pick<Subject, "engine" | "differentiate">,
  scores: Scores,
  picture: PictureOf,
  scoreNode: NodeId = scores.logits,
): Promise<InputGradient> {
  const { inputs } = scores.graph;
  const input = inputs[picture.at];
  if (!input) throw new RangeError(`the model has no input ${picture.at}`);
  const start = new GraphBuilder(scores.graph.nodes);
  const seed = start.input("attribution_seed", start.shape(scoreNode));
  const seeded = { ...scores.graph, nodes: start.nodes };
  const { graph, grads } = differentiate(seeded, scoreNode, [input.node], seed);
  const [gradient] = grads;
  if (!gradient)
    throw inputError(`The class scores do not depend on the model's input '${input.name}'.`);
  const feeds = [...inputs.map(({ node }) => node), seed];
  const program = await engine.compile(graph, feeds, [gradient, scores.logits]);
  return async (rows, classes) => {
    const fed = [...fedWith(picture, rows), seedOf(scores, classes)];
    const [value, logits] = (await runRows(engine, program, fed)).map(asFloats);
    if (!value || !logits) throw new RangeError("the engine returned no gradient");
    return { gradient: value, logits };
  };
}
