import type {
  GraphBlock,
  GraphEdge,
  GraphItem,
  NetworkGraph,
} from "../../../../src/shared/contract/graph.ts";
import { type Key, keyOf } from "./types.ts";

/** A wire between two items of a block, and the layers whose outputs flow along it. */
export interface Wire {
  readonly from: Key;
  readonly to: Key;
  readonly layers: Set<number>;
}

/** What is to be laid out of one block: its items, the wires between them, and those from and to its border. */
export interface Level {
  readonly block: GraphBlock;
  readonly wires: Map<string, Wire>;
}

/** Every edge of a network once in each block that it runs through: no wire is lost where blocks are folded. */
export function levelsOf({ edges, network }: NetworkGraph): ReadonlyMap<number, Level> {
  const levels = new Map<number, Level>();
  /** The blocks that a layer is in, the network first. */
  const chains = new Map<number, readonly GraphBlock[]>();
  const visit = (block: GraphBlock, above: readonly GraphBlock[]): void => {
    const chain = [...above, block];
    levels.set(block.id, { block, wires: new Map() });
    for (const item of block.items)
      if (typeof item === "number") chains.set(item, chain);
      else visit(item, chain);
  };
  visit(network, []);
  for (const edge of edges) addEdge(edge, chains, levels);
  return levels;
}

function addEdge(
  { from, to }: GraphEdge,
  chains: ReadonlyMap<number, readonly GraphBlock[]>,
  levels: ReadonlyMap<number, Level>,
): void {
  const [a, b] = [chains.get(from) ?? [], chains.get(to) ?? []];
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  const wire = (block: GraphBlock | undefined, start: GraphItem, end: GraphItem): void => {
    const wires = block && levels.get(block.id)?.wires;
    if (!wires) return;
    const [one, other] = [keyOf(start), keyOf(end)];
    const id = `${one} ${other}`;
    const known = wires.get(id);
    if (known) known.layers.add(from);
    else wires.set(id, { from: one, to: other, layers: new Set([from]) });
  };
  wire(a[shared - 1], a[shared] ?? from, b[shared] ?? to);
  a.slice(shared).forEach((block, i) => wire(block, a[shared + i + 1] ?? from, block));
  b.slice(shared).forEach((block, i) => wire(block, block, b[shared + i + 1] ?? to));
}
