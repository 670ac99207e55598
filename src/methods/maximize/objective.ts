/** What is maximised, as nodes of a graph: one number per row of a batch, so that many filters run as one batch. */
import { GraphBuilder, type ModelGraph, type NodeId, type Pair } from "../../graph/index.ts";
import { usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { unitOf } from "../inspect/scores.ts";
import type { Scores } from "../types.ts";

/** One term. `node` is a layer's output; a class is maximised on its logit, never on the softmax. */
export type Term =
  | {
      readonly kind: "channel";
      readonly node: NodeId;
      readonly filter: number;
      readonly border?: number;
    }
  | {
      readonly kind: "neuron";
      readonly node: NodeId;
      readonly filter: number;
      readonly y: number;
      readonly x: number;
    }
  | {
      readonly kind: "direction";
      readonly node: NodeId;
      readonly vector: Float32Array;
      readonly cosinePower: number;
      /** Only there; else the mean over all positions. */
      readonly cell?: Pair;
    }
  | { readonly kind: "class"; readonly index: number };

/** A weighted sum of terms; a direction with a negative weight is followed the other way. */
export type Objective = readonly { readonly term: Term; readonly weight: number }[];

/** A graph that computes the objectives of a batch; what the rows differ in is fed. */
export interface ObjectiveGraph {
  readonly graph: ModelGraph;
  /** [N] */
  readonly value: NodeId;
  /** The nodes that the terms look at: layers' outputs and, for classes, the logits. */
  readonly looksAt: readonly NodeId[];
  readonly feeds: readonly { readonly node: NodeId; readonly value: FloatTensor }[];
}

/**
 * Appends the objectives of all rows. Rows must have the same terms on the same nodes; filters, positions, classes and weights
 * may differ. Throws a ConvLensError of kind `usage` for a filter, cell or class that is not there.
 */
export function objectiveGraph(scores: Scores, rows: readonly Objective[]): ObjectiveGraph {
  const builder = new GraphBuilder(scores.graph.nodes);
  const feeds: { node: NodeId; value: FloatTensor }[] = [];
  const [first = []] = rows;
  const parts = first.map((_, index) => {
    const entries = rows.map((row) => row[index] ?? fail());
    return termNode(builder, scores, entries, feeds);
  });
  const value = parts.reduce((sum, part) => builder.add("add", "objective", [sum, part]));
  const looksAt = [...new Set(first.map(({ term }) => nodeOf(term, scores)))];
  return { graph: { ...scores.graph, nodes: builder.nodes }, value, looksAt, feeds };
}

function fail(): never {
  throw new RangeError("the rows of a batch must have the same terms");
}

type Entry = Objective[number];

const nodeOf = (term: Term, scores: Scores): NodeId =>
  term.kind === "class" ? scores.logits : term.node;

function termNode(
  builder: GraphBuilder,
  scores: Scores,
  entries: readonly Entry[],
  feeds: { node: NodeId; value: FloatTensor }[],
): NodeId {
  const [entry = fail()] = entries;
  const node = nodeOf(entry.term, scores);
  const shape = builder.shape(node);
  const sizes = shape.slice(1).map((size) => size ?? 1);
  const feed = (values: readonly Float32Array[], feedSizes: readonly number[]): NodeId => {
    const id = builder.input("objective_weights", [null, ...feedSizes]);
    const size = feedSizes.reduce((a, b) => a * b, 1);
    const data = new Float32Array(entries.length * size);
    values.forEach((row, i) => data.set(row, i * size));
    feeds.push({
      node: id,
      value: { dtype: "float32", shape: [entries.length, ...feedSizes], data },
    });
    return id;
  };
  const axes = sizes.map((_, i) => i + 1);
  const dot = (weights: NodeId): NodeId =>
    builder.add(
      "sum",
      "objective_term",
      [builder.add("mul", "objective_product", [node, weights])],
      {
        axes,
        keepDims: false,
      },
    );
  if (entry.term.kind !== "direction")
    return dot(
      feed(
        entries.map((e) => linearWeights(e, scores, sizes)),
        sizes,
      ),
    );

  const vectors = entries.map(({ term, weight }) =>
    term.kind === "direction" ? term.vector.map((v) => v * weight) : fail(),
  );
  if (vectors.some((vector) => vector.length !== sizes.at(-1)))
    throw usageError(`A direction at this layer needs ${sizes.at(-1)} numbers.`);
  const spread = sizes.map((size, i) => (i === sizes.length - 1 ? size : 1));
  const { cell, cosinePower } = entry.term;
  const seen = cell === undefined ? node : cellOf(builder, node, cell, sizes);
  return cosineDirection(builder, seen, feed(vectors, spread), cosinePower);
}

function cellOf(
  builder: GraphBuilder,
  node: NodeId,
  [y, x]: Pair,
  [height = 1, width = 1]: readonly number[],
): NodeId {
  if (builder.shape(node).length !== 4) throw usageError("This layer has no positions.");
  inside(y, height, "Row");
  inside(x, width, "Column");
  return builder.add("slice", "objective_cell", [node], {
    begin: [0, y, x, 0],
    size: [null, 1, 1, null],
  });
}

/** Mean over positions of (a . v) * max(0.1, cos(a, v)) ** power (Carter et al. 2019, "Activation Atlas"). */
function cosineDirection(
  builder: GraphBuilder,
  node: NodeId,
  vector: NodeId,
  power: number,
): NodeId {
  const last = builder.shape(node).length - 1;
  const over = (id: NodeId, keepDims: boolean): NodeId =>
    builder.add("sum", "direction_sum", [id], { axes: [last], keepDims });
  const length = (id: NodeId): NodeId =>
    builder.add("sqrt", "direction_norm", [
      builder.add("add", "direction_eps", [
        over(builder.add("square", "direction_sq", [id]), true),
        builder.scalar(1e-12),
      ]),
    ]);
  const product = over(builder.add("mul", "direction_product", [node, vector]), true);
  let value = product;
  if (power > 0) {
    const lengths = builder.add("mul", "direction_lengths", [length(node), length(vector)]);
    const cosine = builder.add("div", "direction_cosine", [product, lengths]);
    const kept = builder.add("maximum", "direction_kept", [cosine, builder.scalar(0.1)]);
    value = builder.add("mul", "direction_value", [
      product,
      builder.add("pow", "direction_pow", [kept, builder.scalar(power)]),
    ]);
  }
  const axes = builder
    .shape(value)
    .slice(1)
    .map((_, i) => i + 1);
  return builder.add("mean", "direction_mean", [value], { axes, keepDims: false });
}

function inside(value: number, size: number, what: string): void {
  if (!(Number.isInteger(value) && value >= 0 && value < size))
    throw usageError(`${what} ${value} is outside 0..${size - 1}.`);
}

/** What each element of the node's row is multiplied with. */
function linearWeights(
  { term, weight }: Entry,
  scores: Scores,
  sizes: readonly number[],
): Float32Array {
  const weights = new Float32Array(sizes.reduce((a, b) => a * b, 1));
  if (term.kind === "class") {
    inside(term.index, scores.classes, "Class");
    const { unit, sign } = unitOf(scores, term.index);
    weights[unit] = sign * weight;
    return weights;
  }
  if (term.kind === "direction") return fail();
  const channels = sizes.at(-1) ?? 1;
  const [height, width] = sizes.length === 3 ? [sizes[0] ?? 1, sizes[1] ?? 1] : [1, 1];
  inside(term.filter, channels, "Filter");
  if (term.kind === "neuron") {
    inside(term.y, height, "Row");
    inside(term.x, width, "Column");
    weights[(term.y * width + term.x) * channels + term.filter] = weight;
    return weights;
  }
  // a border wider than the map would leave nothing
  const border = Math.max(
    0,
    Math.min(term.border ?? 0, Math.floor((Math.min(height, width) - 1) / 2)),
  );
  const share = weight / ((height - 2 * border) * (width - 2 * border));
  for (let y = border; y < height - border; y++)
    for (let x = border; x < width - border; x++)
      weights[(y * width + x) * channels + term.filter] = share;
  return weights;
}
