import { at } from "../../../base/at.ts";
import { inputError } from "../../../base/errors.ts";
import { type FloatTensor, sizeOf } from "../../../base/tensor.ts";
import { type Attention, attentionBefore, type Pair } from "../../../graph/index.ts";
import { forward } from "../../forward.ts";
import type { MapsRequest } from "../types.ts";
import { alongBoth, tokensAlong } from "./tokens.ts";

/** What is passed on by attention; the other half by the residual connection around it. */
const BY_ATTENTION = 0.5;

/** How much of what the answer reads comes from each place of the grid of tokens. */
export interface Rollout {
  readonly grid: Pair;
  /** [rows * columns], of a sum of 1 at the most: what class tokens and registers give is left out. */
  readonly rollout: Float32Array;
}

type Request = Pick<
  MapsRequest,
  "subject" | "scores" | "inputs" | "at" | "layer" | "source" | "maps" | "valuesOf"
>;

/**
 * Attention rollout (Abnar, Zuidema 2020, "Quantifying Attention Flow in Transformers", eq. 1): with W_l the mean of a layer's heads,
 * A_l = (W_l + I) / 2, and what the class token (or the mean of the tokens that are read) takes from each token is its row of
 * A_L ... A_1. From the first layer of attention over the tokens of the last to the last before the layer; where tokens attend in
 * windows a matrix is that of all tokens, 0 between windows. Throws a ConvLensError (`input`) for a layer before which there is none.
 */
export async function attentionRollout(request: Request): Promise<Rollout> {
  const { subject, scores, inputs, layer, source, maps, valuesOf } = request;
  const { name: over } = at(scores.graph.inputs, request.at);
  const { matrices } = attentionBefore(scores.graph, source ?? maps, over);
  const [first] = matrices;
  if (!first)
    throw inputError(
      `Layer '${layer}' depends on no attention between places of '${over}', which is what a rollout multiplies; eigen-cam needs none.`,
    );
  const ids = matrices.map(({ matrix }) => matrix);
  const values = valuesOf
    ? await valuesOf(ids)
    : await forward({ ...subject, graph: scores.graph }, inputs, ids);
  const { queries } = first;
  const cells = sizeOf(queries.grid);
  let taken = startOf(at(matrices, -1));
  for (let i = matrices.length - 1; i >= 0; i--)
    taken = passedOn(taken, at(matrices, i), at(values, i));
  return { grid: queries.grid, rollout: Float32Array.from(taken.subarray(0, cells)) };
}

/** A 1 at the class token, or shared out among the tokens that are read: first those of the grid, then those beside it. */
function startOf({ queries, rows }: Attention): Float64Array {
  const tokens = tokensAlong(queries);
  const start = new Float64Array(tokens.count);
  const read = tokens.ids.filter(
    (id, row) => id >= 0 && (rows === null || (row >= rows[0] && row <= rows[1])),
  );
  for (const id of read) start[id] = 1 / read.length;
  return start;
}

/** taken' A_l */
function passedOn(
  taken: Float64Array,
  { queries, keys }: Attention,
  { shape, data }: FloatTensor,
): Float64Array {
  const [from, to] = [tokensAlong(queries), tokensAlong(keys)];
  const isHead = (_: number, axis: number): boolean =>
    at(from.steps, axis) === 0 && at(to.steps, axis) === 0;
  const share = BY_ATTENTION / sizeOf(shape.filter(isHead));
  const result = taken.map((own) => own * (1 - BY_ATTENTION));
  alongBoth(shape, [from.steps, to.steps], (cell, row, column) => {
    const [query, key] = [at(from.ids, row), at(to.ids, column)];
    if (query >= 0 && key >= 0)
      result[key] = at(result, key) + share * at(taken, query) * at(data, cell);
  });
  return result;
}
