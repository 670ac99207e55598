import { at } from "../../base/at.ts";
import { inputError } from "../../base/errors.ts";
import {
  GraphBuilder,
  isOpaque,
  notRun,
  opaqueBefore,
  type ModelGraph,
  type NodeId,
} from "../../graph/index.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Scores } from "../types.ts";

/**
 * Finds the pre-activation class scores of the first output. A softmax or sigmoid at the end is looked through, so that
 * gradients start at the logit; a map of scores [N, H, W, classes] is averaged over its positions.
 * Throws a ConvLensError of kind `input` when the model has no output that could be class scores.
 */
export function findScores(graph: ModelGraph): Scores {
  const output = graph.outputs[0];
  if (!output) throw withoutOutput(graph);
  const builder = new GraphBuilder(graph.nodes);
  const unknown = { logits: output.node, probabilities: null, activation: null, binary: false };
  // behind a layer that is not run nothing is known; asked for, it is refused with that layer's name
  if (output.shape.length < 2 && opaqueBefore(graph, [output.node]).length > 0)
    return { graph, ...unknown, classes: 0 };
  const last = throughIdentities(builder, output.node);
  const node = builder.get(last);
  const activation =
    node.op === "softmax" || node.op === "sigmoid"
      ? node.op
      : node.op === "logSoftmax"
        ? "softmax"
        : null;
  const before = activation === null ? last : (node.inputs[0] ?? last);

  const logits = flatten(builder, before, "logits");
  // the logarithm of a softmax: the probabilities are worked out beside it
  const scored =
    node.op === "logSoftmax" ? builder.add("softmax", "probabilities", [before]) : last;
  const probabilities = activation === null ? null : flatten(builder, scored, "probabilities");
  const units = builder.shape(logits)[1];
  if (typeof units !== "number")
    throw inputError("The model's output has no known number of classes.");
  const binary = units === 1;
  return {
    graph: { ...graph, nodes: builder.nodes },
    logits,
    probabilities,
    activation,
    classes: binary ? 2 : units,
    binary,
  };
}

/** An output whose shape nobody knows is left out: the layer that is not run is the reason. */
function withoutOutput(graph: ModelGraph): Error {
  const opaque = graph.nodes.filter(isOpaque);
  if (opaque.length > 0) return notRun(opaque, graph.file);
  return inputError("The model has no output that could be read as class scores.");
}

/** A reshape or cast at the very end does not hide the softmax before it. */
function throughIdentities(builder: GraphBuilder, id: NodeId): NodeId {
  const node = builder.get(id);
  const input = node.inputs[0];
  const passes = node.op === "reshape" || node.op === "cast";
  return passes && input !== undefined && node.shape.length === 2 && isScores(builder, input)
    ? throughIdentities(builder, input)
    : id;
}
const isScores = (builder: GraphBuilder, id: NodeId): boolean => {
  const { op } = builder.get(id);
  return op === "softmax" || op === "sigmoid" || op === "logSoftmax";
};

function flatten(builder: GraphBuilder, id: NodeId, hint: string): NodeId {
  const shape = builder.shape(id);
  if (shape.length === 2) return id;
  if (shape.length < 2) throw inputError("The model's output is a single number per picture.");
  const axes = shape.slice(1, -1).map((_, i) => i + 1);
  return builder.add("mean", hint, [id], { axes, keepDims: false });
}

/** Index of the only class a unit speaks for, and with which sign: a single sigmoid unit is class 1 (+) or 0 (-). */
export function unitOf(scores: Scores, classIndex: number): { unit: number; sign: 1 | -1 } {
  return scores.binary
    ? { unit: 0, sign: classIndex === 1 ? 1 : -1 }
    : { unit: classIndex, sign: 1 };
}

/** A class' score in row `row` of [N, units] logits or probabilities; a single sigmoid unit speaks for both its classes. */
export function scoreIn(
  scores: Scores,
  { shape, data }: FloatTensor,
  row: number,
  classIndex: number,
  kind: "logit" | "probability",
): number {
  const { unit, sign } = unitOf(scores, classIndex);
  const value = data[row * at(shape, 1) + unit] ?? NaN;
  if (sign === 1) return value;
  return kind === "logit" ? -value : 1 - value;
}
