/** How alike an embedding is to that of another picture. */
import { sizeOf, type FloatTensor } from "../../base/tensor.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { Scores } from "../types.ts";
import { vectorOf } from "./answers.ts";
import { Picking } from "./picking.ts";
import { tableOf } from "./scores-at.ts";
import type { Output } from "./types.ts";

/** Shorter embeddings have no direction. */
const SHORTEST = 1e-8;

/** The direction of an embedding, whose values are [1, places, numbers]: of length 1; null: it has none. */
export function directionOf(output: Output, values: FloatTensor): Float32Array | null {
  const vector = vectorOf(output, values);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length < SHORTEST ? null : Float32Array.from(vector, (value) => value / length);
}

/** The cosine of an output's embedding and a direction as the only score, [N, 1], -1..1: of maps, that of their means over positions. */
export function likenessTo(
  graph: ModelGraph,
  output: Output,
  direction: Float32Array,
  id: string,
): Scores {
  const whole = tableOf(graph, output);
  const builder = new Picking(whole.graph.nodes, id);
  const [batch = null, ...sizes] = builder.shape(whole.node);
  const vector = output.grid
    ? builder.add("mean", "vector", [whole.node], { axes: [1], keepDims: false })
    : builder.add("reshape", "vector", [whole.node], {
        shape: [batch, sizeOf(sizes.map((size) => size ?? 1))],
      });
  const sum = (node: string): string =>
    builder.add("sum", "sum", [node], { axes: [1], keepDims: true });
  const other = builder.constant(
    { dtype: "float32", shape: [1, direction.length], data: direction },
    `${id} direction`,
  );
  const along = sum(builder.add("mul", "product", [vector, other]));
  const squares = sum(builder.add("square", "squares", [vector]));
  const least = builder.scalar(SHORTEST ** 2, `${id} least`);
  const length = builder.add("sqrt", "length", [builder.add("maximum", "kept", [squares, least])]);
  return {
    logits: builder.add("div", "cosine", [along, length]),
    ...{ probabilities: null, activation: null, classes: 1, binary: false },
    graph: { ...graph, nodes: builder.nodes },
  };
}
