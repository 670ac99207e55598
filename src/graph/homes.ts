/**
 * In which place of a grid over a picture each cell of a tensor is at home, exactly: `places.ts` tells what cells see, this tells which
 * one is which, also where windows were cut out and shifted, and class tokens stand among the others.
 */
import { at } from "../base/at.ts";
import { sizeOf } from "../base/tensor.ts";
import { axisGroups } from "./boxes.ts";
import { isMade, type OnePicture, onePicture, readsOf } from "./one-picture.ts";
import type { Op, Pair } from "./ops/attributes.ts";
import type { AxisReads, Reads } from "./ops/definition.ts";
import { places } from "./ops/moving.ts";
import { cellwise, line as lineOf } from "./ops/reading.ts";
import { isMap } from "./places.ts";
import { positionsOf } from "./positions.ts";
import type { GraphNode, Homes, ModelGraph, NodeId } from "./types.ts";

/** Operations whose cells stay where they are although they read others of their axis. */
const STAYS: ReadonlySet<Op> = new Set(["softmax", "logSoftmax"] as const);
/** A tensor with more is flattened maps, or a map whose cells nobody looks at one by one. */
const MOST_CELLS = 1 << 20;
/** What is put together of more has no homes that anyone would look at. */
const MOST_KINDS = 4;

/** The homes of every node's cells over one picture: a matrix of queries and keys has two kinds of them, most nodes one. */
export function homesOf(
  graph: Pick<ModelGraph, "nodes" | "inputs">,
  picture: NodeId,
): ReadonlyMap<NodeId, readonly Homes[]> {
  const one = onePicture(graph.nodes);
  const { places: seen } = positionsOf(graph, picture);
  const homes = new Map<NodeId, readonly Homes[]>();
  const bySize = new Map<string, readonly Homes[]>();
  for (const node of graph.nodes) {
    const place = seen.get(node.id);
    if (!place) continue;
    const inherited = inheritedBy(one, node, homes);
    // several in one map: neighbours that were put together along the channels are one place of a coarser grid
    const isOne = inherited.length === 1 || !isMap(place);
    if (inherited.length > 0 && isOne) homes.set(node.id, inherited);
    else if (isMap(place)) {
      const [, rows = 0, columns = 0] = one.shape(node.id);
      const size = `${rows} ${columns}`;
      const own = bySize.get(size) ?? inOrder([rows, columns], [1, rows, columns, 1]);
      bySize.set(size, own);
      if (own.length > 0) homes.set(node.id, own);
    }
  }
  return homes;
}

/** All places of a grid in their order, in a tensor of this shape; empty where they are too many. */
export function inOrder(grid: Pair, shape: readonly number[]): readonly Homes[] {
  const count = sizeOf(grid);
  if (count > MOST_CELLS) return [];
  return [{ grid, shape, cells: new Int32Array(count).map((_, cell) => cell) }];
}

function inheritedBy(
  one: OnePicture,
  node: GraphNode,
  homes: ReadonlyMap<NodeId, readonly Homes[]>,
): Homes[] {
  if (!isMade(node)) return [];
  const kinds: Homes[] = [];
  node.inputs.forEach((id, index) => {
    const known = homes.get(id);
    if (!known) return;
    const reads = readsOf(one, node, index);
    for (const own of known) {
      const moved = carried(own, reads, one.shape(id), one.shape(node.id), STAYS.has(node.op));
      if (moved?.cells.some((cell) => cell >= 0)) add(kinds, moved);
    }
  });
  return kinds.length > MOST_KINDS ? [] : kinds;
}

/** Homes behind an operation; null where its cells read several at once, or are too many. */
export function carried(
  homes: Homes,
  reads: Reads,
  from: readonly number[],
  to: readonly number[],
  stays = false,
): Homes | null {
  if (reads === "nothing") return null;
  if (reads === "in order") return regrouped(homes, from, to);
  const shape = to.map(() => 1);
  let moves = to.length !== from.length;
  const followed: AxisReads[] = [];
  for (const [axis, read] of reads.entries()) {
    if (homes.shape[axis] === 1) {
      followed.push("all");
      continue;
    }
    const line = read === "all" && stays ? lineOf(axis) : read;
    if (line === "all" || line.low !== line.high || !Number.isInteger(line.low)) return null;
    if (!Number.isInteger(line.step)) return null;
    shape[line.axis] = at(to, line.axis);
    moves ||= line.axis !== axis || line.step !== 1 || line.low !== 0 || to[axis] !== from[axis];
    followed.push(line);
  }
  if (!moves) return homes;
  if (sizeOf(shape) > MOST_CELLS) return null;
  const sources = places(followed, homes.shape, shape);
  return { ...homes, shape, cells: sources.map((cell) => (cell < 0 ? -1 : at(homes.cells, cell))) };
}

/** The same cells in another shape. */
function regrouped(homes: Homes, from: readonly number[], to: readonly number[]): Homes | null {
  const full = [...homes.shape];
  const shape = to.map(() => 1);
  for (const { left, right } of axisGroups(from, to)) {
    if (left.every((axis) => homes.shape[axis] === 1)) continue;
    for (const axis of left) full[axis] = at(from, axis);
    for (const axis of right) shape[axis] = at(to, axis);
  }
  if (sizeOf(full) > MOST_CELLS) return null;
  const sources = places(cellwise({ inputs: [homes], shape: full }, 0), homes.shape, full);
  const cells = sources.map((cell) => at(homes.cells, cell));
  return shape.reduce<Homes>((own, size, axis) => (size === 1 ? own : withoutAxis(own, axis)), {
    ...homes,
    shape,
    cells,
  });
}
/** Without an axis along which homes do not change. */
function withoutAxis(homes: Homes, axis: number): Homes {
  const size = at(homes.shape, axis);
  const inner = sizeOf(homes.shape.slice(axis + 1));
  const first = (cell: number): number => cell - (Math.floor(cell / inner) % size) * inner;
  if (!homes.cells.every((own, cell) => own === homes.cells[first(cell)])) return homes;
  return {
    ...homes,
    shape: homes.shape.map((own, i) => (i === axis ? 1 : own)),
    cells: homes.cells.filter((_, cell) => first(cell) === cell),
  };
}

/** Puts homes to those that agree with them (parts of a tensor that was put together), or beside the others. */
function add(kinds: Homes[], homes: Homes): void {
  for (const [i, own] of kinds.entries()) {
    if (own.cells === homes.cells && String(own.shape) === String(homes.shape)) return;
    const joined = together(own, homes);
    if (joined) {
      kinds[i] = joined;
      return;
    }
  }
  kinds.push(homes);
}
function together(a: Homes, b: Homes): Homes | null {
  if (String(a.grid) !== String(b.grid) || String(a.shape) !== String(b.shape)) return null;
  const agree = a.cells.every((cell, i) => cell < 0 || at(b.cells, i) < 0 || cell === b.cells[i]);
  return agree ? { ...a, cells: a.cells.map((cell, i) => Math.max(cell, at(b.cells, i))) } : null;
}

/** For each place of the grid, the cell (of those of `shape`) that is at home there; null where it is not just one, or all is one place. */
export function cellsByPlace({ grid, cells }: Homes): Int32Array | null {
  const count = sizeOf(grid);
  const found = new Int32Array(count).fill(-1);
  for (const [cell, home] of cells.entries()) {
    if (home < 0) continue;
    if (found[home] !== -1) return null;
    found[home] = cell;
  }
  return count > 1 && !found.includes(-1) ? found : null;
}
