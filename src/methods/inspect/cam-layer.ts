import { at } from "../../base/at.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import {
  attentionBefore,
  type Box,
  boxesSeen,
  dependents,
  isHomeIn,
  type Layer,
  type LayerMaps,
  type NodeId,
  type Op,
  prune,
} from "../../graph/index.ts";
import type { Scores } from "../types.ts";

/** Which part of each node is read, see `boxesSeen`. */
export interface Reads {
  readonly asked: ReadonlyMap<NodeId, Box>;
  readonly besides?: ReadonlyMap<NodeId, Box> | null;
}
const readsOf = ({ graph, logits }: Scores): Reads => ({ asked: boxesSeen(graph.nodes, logits) });

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
 * norm, activation or sum), and that the class scores depend on: tokens where they follow from them; a map of the answer itself only
 * where there is no other. `on`: the one whose picture is the input of this name; `reads`: what is read of each node by what is asked, and
 * by what a layer has to be read by besides (a box' coordinates). Null when there is none.
 */
export function camLayer(
  scores: Scores,
  layers: readonly Layer[],
  summaries: readonly LayerSummary[],
  on: string | null = null,
  { asked: read, besides = null }: Reads = readsOf(scores),
): { name: string; why: string } | null {
  const needed = prune(scores.graph.nodes, new Set(), [scores.logits]);
  const before = new Set(needed.map(({ id }) => id));
  const answers = answerNodes(scores);
  const sums = residualSums(scores);
  const candidates = layers.flatMap((layer, i) => {
    const summary = at(summaries, i);
    const { output, maps = [] } = layer;
    if (output === null || !before.has(output) || !summary.spatial) return [];
    if (!read.has(output) || besides?.has(output) === false) return [];
    if (on !== null && !summary.pictures.includes(on)) return [];
    const endsInSum = sums.has(output) && layer.nodes.includes(output);
    if (!CARRIES_FEATURES.has(summary.op) && !endsInSum) return [];
    const tokens = maps.find(({ input }) => on === null || input === on) ?? null;
    return [{ output, tokens, summary }];
  });
  const suits = ({ output, tokens }: (typeof candidates)[number]): boolean =>
    tokens === null || decides(scores, output, tokens, read);
  const chosen =
    candidates.findLast((one) => !answers.has(one.output) && suits(one)) ??
    candidates.findLast(suits);
  if (!chosen) return null;
  const { mapShape, slices } = chosen.summary;
  const [, rows, width] = mapShape ?? [];
  const height = slices === undefined ? rows : `${slices} x ${Number(rows) / slices}`;
  return {
    name: chosen.summary.name,
    why: besides
      ? `the last layer with positions (${height} x ${width}) that the score and the coordinates of the box depend on`
      : `the last layer with positions (${height} x ${width}) that the class scores depend on`,
  };
}

/**
 * The layer attention rollout takes by itself: the last matrix of attention that the scores depend on, over the picture that is the input
 * `on` where it is named. Null where there is none.
 */
export function attentionLayer(
  { graph, logits }: Scores,
  layers: readonly Layer[],
  on: string | null = null,
): { name: string; why: string } | null {
  const pictures = graph.inputs.filter(({ name }) => on === null || name === on);
  const before = pictures.map(({ name }) => attentionBefore(graph, logits, name));
  const [found] = before.filter(({ matrices }) => matrices.length > 0);
  const last = found?.matrices.at(-1);
  const chosen = layers.find(({ output }) => output === last?.matrix);
  if (!found || !last || !chosen) return null;
  const { matrices, others } = found;
  const [rows, columns] = last.keys.grid;
  const count = matrices.length;
  const why =
    others === 0
      ? `${count} x attention over ${rows} x ${columns} places`
      : `${count} x attention over ${rows} x ${columns} places; the ${others} before are over other places`;
  return { name: chosen.name, why };
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

/** The sums of two values of the picture: what closes a block, whatever else the layer holds that ends in it. */
function residualSums({ graph }: Scores): Set<NodeId> {
  const [input] = graph.inputs;
  const fromInput = input ? dependents(graph.nodes, input.node) : new Set<NodeId>();
  const sums = graph.nodes.filter(
    ({ op, inputs }) => op === "add" && inputs.every((id) => fromInput.has(id)),
  );
  return new Set(sums.map(({ id }) => id));
}

/**
 * Whether the scores follow from a layer's tokens alone, and from such that are places of the picture: the sum that closes a block, and
 * no branch in it, nor what is behind the last look at other tokens than the class token.
 */
function decides(
  { graph, logits }: Scores,
  output: NodeId,
  { homes, attention }: LayerMaps,
  read: ReadonlyMap<NodeId, Box>,
): boolean {
  const box = read.get(output);
  if (attention || !box || !isHomeIn(homes, box)) return false;
  return !prune(graph.nodes, new Set([output]), [logits]).some(({ op }) => op === "input");
}
