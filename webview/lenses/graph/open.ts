/** Which blocks of a graph are open, by their ids. */
import type { GraphBlock, GraphItem } from "../../../src/shared/contract/graph.ts";

/** Items that are seen at first, about. */
const FIRST_ITEMS = 12;
/** Items that are all shown at once, at most: beyond that nobody finds anything, and what is drawn is kilometres high. */
export const MOST_SHOWN = 6000;

const blocksIn = ({ items }: GraphBlock): readonly GraphBlock[] =>
  items.filter((item) => typeof item === "object");

/** All blocks of a network but itself. */
export function allBlocks(network: GraphBlock): readonly GraphBlock[] {
  return blocksIn(network).flatMap((block) => [block, ...allBlocks(block)]);
}

/** What is open at first: level by level, where the drawing stays small enough to be seen as a whole. */
export function firstOpen(network: GraphBlock): ReadonlySet<number> {
  const open = new Set<number>();
  let seen = network.items.length;
  let level = blocksIn(network);
  while (level.length > 0) {
    const next: GraphBlock[] = [];
    for (const block of [...level].sort((a, b) => a.items.length - b.items.length)) {
      // what is the same again and again is shown once it is asked for
      if (block.kind === "repeat" || seen + block.items.length > FIRST_ITEMS) continue;
      open.add(block.id);
      seen += block.items.length;
      next.push(...blocksIn(block));
    }
    level = next;
  }
  return open;
}

/** The blocks that a layer is in, outermost first, without the network. */
export function blocksAround(network: GraphBlock, layer: number): readonly GraphBlock[] {
  const find = (item: GraphItem): readonly GraphBlock[] | null => {
    if (typeof item === "number") return item === layer ? [] : null;
    for (const inner of item.items) {
      const found = find(inner);
      if (found) return [item, ...found];
    }
    return null;
  };
  return find(network)?.slice(1) ?? [];
}

/** The layers in an item, in the order of execution. */
export function layersOf(item: GraphItem): readonly number[] {
  return typeof item === "number" ? [item] : item.items.flatMap(layersOf);
}
