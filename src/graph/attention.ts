/** Matrices of attention over a picture's tokens (Vaswani et al. 2017): which of their rows tell what the answer is made of. */
import { at } from "../base/at.ts";
import type { Box } from "./boxes.ts";
import type { GraphBuilder } from "./builder.ts";
import { cellsByPlace } from "./homes.ts";
import type { Pair } from "./ops/attributes.ts";
import { boxesSeen } from "./seen.ts";
import type { Attention, GraphNode, Homes, ModelGraph, NodeId } from "./types.ts";
import { prune } from "./walk.ts";

/** A node as a matrix of attention, by the two kinds of homes that its cells have; null where it is none. `read`: by the answer. */
export function attentionOf(
  { id: matrix, op }: GraphNode,
  kinds: readonly Homes[],
  read: (node: NodeId) => Box | null,
): Attention | null {
  const keys = kinds.find((own) => own.shape.at(-1) !== 1);
  const queries = kinds.find((own) => own.shape.at(-1) === 1);
  if (op !== "softmax" || kinds.length !== 2 || !keys || !queries) return null;
  return { matrix, queries, keys, rows: rowsOf(queries, keys, read(matrix)) };
}

/** The axes of a matrix along which the queries change and the keys do not. */
export const queryAxes = ({ queries, keys }: Pick<Attention, "queries" | "keys">): number[] =>
  [...queries.shape.keys()].filter(
    (axis) => at(queries.shape, axis) > 1 && at(keys.shape, axis) === 1,
  );

/** The axis that all queries stand along, class tokens among them; null where there are several (windows). */
function tokenAxis({ queries, keys }: Pick<Attention, "queries" | "keys">): number | null {
  const [axis, other] = queryAxes({ queries, keys });
  const isAlone = axis !== undefined && other === undefined;
  return isAlone && queries.cells.length === at(queries.shape, axis) ? axis : null;
}

/**
 * The class token's row: the first of those that are read and at home nowhere. Where none of these is (registers beside tokens whose mean
 * is taken), all rows that are read.
 */
function rowsOf(queries: Homes, keys: Homes, read: Box | null): Pair | null {
  const axis = tokenAxis({ queries, keys });
  if (axis === null || !queries.cells.includes(-1)) return null;
  const [low, high] = read === null ? [0, queries.cells.length - 1] : at(read, axis);
  const own = queries.cells.findIndex((home, row) => home < 0 && row >= low && row <= high);
  return own < 0 ? [low, high] : [own, own];
}

/**
 * What the first output reads of matrices of attention. Before the last layer of attention that is everything, and says nothing of what
 * the answer is made of: matrices over the same tokens are told what it reads of the last of them.
 */
export function readByAnswer(
  { nodes, outputs: [output] }: Pick<ModelGraph, "nodes" | "outputs">,
  homes: ReadonlyMap<NodeId, readonly Homes[]>,
): (matrix: NodeId) => Box | null {
  let last: Map<string, Box> | null = null;
  const tokensOf = (id: NodeId): string =>
    (homes.get(id) ?? []).map(({ grid, shape }) => `${String(grid)} in ${String(shape)}`).join();
  return (matrix) => {
    if (!output) return null;
    if (!last) {
      const read = boxesSeen(nodes, output.node);
      const found = nodes.filter(({ id, op }) => op === "softmax" && read.has(id));
      last = new Map(found.map(({ id }) => [tokensOf(id), read.get(id) ?? []]));
    }
    return last.get(tokensOf(matrix)) ?? null;
  };
}

/** The rows of a matrix that are looked at, as one: their mean where they are several. */
export function attended(builder: GraphBuilder, attention: Attention): NodeId {
  const { matrix, rows, queries } = attention;
  const axes = queryAxes(attention);
  const hint = `${matrix}/attended`;
  const mean = (id: NodeId): NodeId => builder.add("mean", hint, [id], { axes, keepDims: true });
  const [axis] = axes;
  if (rows === null || axis === undefined) return mean(matrix);
  const [low, high] = rows;
  const begin = queries.shape.map((_, i) => (i === axis ? low : 0));
  const size = builder.shape(matrix).map((own, i) => (i === axis ? high - low + 1 : own));
  const some = builder.add("slice", hint, [matrix], { begin, size });
  return low === high ? some : mean(some);
}

/** How many tokens stand beside those of the grid: class tokens and registers; null where tokens are cut into windows. */
const extrasOf = (attention: Attention): number | null =>
  tokenAxis(attention) === null
    ? null
    : attention.queries.cells.reduce((count, home) => count + +(home < 0), 0);

/** Whether queries and keys are the same tokens, each once: what a matrix has to be to be multiplied with others. */
function isSquare({ queries, keys }: Attention): boolean {
  const same = String(queries.grid) === String(keys.grid);
  return same && queries.cells.length === keys.cells.length && cellsByPlace(queries) !== null;
}

/** Matrices of attention that a layer's output depends on. */
export interface AttentionBefore {
  /** From the first to the last, over the same tokens as the last. */
  readonly matrices: readonly Attention[];
  /** How many there are before those over other tokens (a finer grid). */
  readonly others: number;
}

/** The matrices over the picture that is the input `over` that node `from` depends on, itself included. */
export function attentionBefore(
  { nodes, layers }: Pick<ModelGraph, "nodes" | "layers">,
  from: NodeId,
  over: string,
): AttentionBefore {
  const needed = new Set(prune(nodes, new Set(), [from]).map(({ id }) => id));
  const found = new Map<NodeId, Attention>();
  for (const { maps = [] } of layers)
    for (const { input, attention } of maps)
      if (input === over && attention && needed.has(attention.matrix))
        found.set(attention.matrix, attention);
  const all = nodes.flatMap(({ id }) => found.get(id) ?? []);
  const tokens = (one: Attention): string => `${String(one.queries.grid)} + ${extrasOf(one) ?? 0}`;
  const last = all.at(-1);
  const different = (one: Attention): boolean =>
    !last || !isSquare(one) || tokens(one) !== tokens(last);
  const first = all.findLastIndex(different) + 1;
  return { matrices: all.slice(first), others: first };
}
