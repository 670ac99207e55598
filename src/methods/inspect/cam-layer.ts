import { at } from "../../base/at.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import {
  dependents,
  type GraphNode,
  isMap,
  type Layer,
  type NodeId,
  type Op,
  positionsOf,
  prune,
} from "../../graph/index.ts";
import type { Scores } from "../types.ts";

const CARRIES_FEATURES: ReadonlySet<LayerSummary["op"]> = new Set([
  "conv",
  "depthwise-conv",
  "transposed-conv",
  "norm",
  "activation",
  "merge",
]);

/**
 * The layer Grad-CAM takes by itself: the last one whose cells are positions of the picture, that carries features (a convolution,
 * norm, activation or sum, or tokens laid out as a map), and that the class scores depend on; a map of the answer itself only
 * where there is no other. `on`: the one whose picture is the input of this name. Null when there is none.
 */
export function camLayer(
  scores: Scores,
  layers: readonly Layer[],
  summaries: readonly LayerSummary[],
  on: string | null = null,
): { name: string; why: string } | null {
  const needed = prune(scores.graph.nodes, new Set(), [scores.logits]);
  const before = new Set(needed.map(({ id }) => id));
  const answers = answerNodes(scores);
  const laidOut = mapsOfTokens(scores);
  const candidates = layers.flatMap((layer, i) => {
    const summary = at(summaries, i);
    const { output } = layer;
    if (output === null || !before.has(output) || !summary.spatial) return [];
    if (on !== null && !summary.pictures.includes(on)) return [];
    const carries = CARRIES_FEATURES.has(summary.op) || laidOut.has(output);
    return carries ? [{ output, name: layer.name, size: summary.mapShape ?? [] }] : [];
  });
  const chosen = candidates.findLast(({ output }) => !answers.has(output)) ?? candidates.at(-1);
  if (!chosen) return null;
  const [, height, width] = chosen.size;
  return {
    name: chosen.name,
    why: `the last layer with positions (${height} x ${width}) that the class scores depend on`,
  };
}

/** What keeps each number of the answer one number: whatever leads from here to the answer through these is the answer. */
const KEEPS_ANSWERS: ReadonlySet<Op> = new Set([
  ...(["reshape", "transpose", "concat", "slice", "stridedSlice", "pad", "cast"] as const),
  ...(["resizeBilinear", "resizeNearest", "biasAdd", "batchNorm"] as const),
  ...(["add", "sub", "mul", "div", "clip", "relu", "relu6", "sigmoid", "tanh"] as const),
  ...(["softmax", "logSoftmax"] as const),
]);
const JOINS: ReadonlySet<Op> = new Set(["add", "concat"]);

/** The scores of the model's first output, and all that they are put together from without mixing channels. */
function answerNodes({ graph }: Scores): Set<NodeId> {
  const [output] = graph.outputs;
  const [input] = graph.inputs;
  const answers = new Set<NodeId>(output ? [output.node] : []);
  const fromInput = input ? dependents(graph.nodes, input.node) : new Set<NodeId>();
  for (const { id, op, inputs } of graph.nodes.toReversed()) {
    if (!answers.has(id) || !KEEPS_ANSWERS.has(op)) continue;
    const own = inputs.filter((one) => fromInput.has(one));
    if (own.length === 1 || JOINS.has(op)) for (const one of own) answers.add(one);
  }
  return answers;
}

/**
 * Reshapes after which cells are positions side by side, and before which they were not: tokens of a transformer, where nothing of
 * the picture goes another way to the scores.
 */
function mapsOfTokens({ graph, logits }: Scores): Set<NodeId> {
  const { places } = positionsOf(graph);
  const maps = (id: NodeId): boolean => {
    const place = places.get(id);
    return place !== undefined && isMap(place);
  };
  const begins = ({ id, op, inputs }: GraphNode): boolean =>
    (op === "reshape" || op === "transpose") && maps(id) && !inputs.some(maps);
  const alone = ({ id }: GraphNode): boolean =>
    !prune(graph.nodes, new Set([id]), [logits]).some(({ op }) => op === "input");
  return new Set(graph.nodes.filter((node) => begins(node) && alone(node)).map(({ id }) => id));
}
