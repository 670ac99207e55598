/** Block by block, the inner ones first: each is laid out by dagre as a graph of its own items. */
import { at } from "../../../../src/base/at.ts";
import type { GraphBlock } from "../../../../src/shared/contract/graph.ts";
import { laidOut } from "./dagre.ts";
import type { Level, Wire } from "./levels.ts";
import { HEAD, NODE, PAD } from "./sizes.ts";
import { type Box, type Drawing, keyOf, type Line } from "./types.ts";

/** Wires into a block go on below its name. */
const UNDER_NAME = -3;
/** Where wires cross the border of a block: a point. */
const PORT = { width: 1, height: 1 } as const;

/** What is in a block, from its own corner. */
interface Inside extends Drawing {
  /** Where wires come in above and go out below. */
  readonly entry: number;
  readonly exit: number;
  /** Room below: none where wires go out, which have their own. */
  readonly below: number;
}

/** Lays out a network whose `open` blocks (by id) show what is in them. What is in a block is laid out once for each state of it. */
export class Placer {
  private readonly known = new Map<string, Inside>();

  constructor(private readonly levels: ReadonlyMap<number, Level>) {}

  draw(open: ReadonlySet<number>): Drawing {
    const level = this.levels.get(0);
    if (!level) return { width: 0, height: 0, boxes: [], lines: [] };
    const { width, height, boxes, lines } = this.inside(level.block, open);
    return { width, height, boxes, lines };
  }

  private inside(block: GraphBlock, open: ReadonlySet<number>): Inside {
    const key = [block.id, ...openIn(block, open)].join(" ");
    const known = this.known.get(key);
    if (known) return known;
    const made = this.lay(block, open);
    this.known.set(key, made);
    return made;
  }

  private lay(block: GraphBlock, open: ReadonlySet<number>): Inside {
    const opened = block.items.map((item) =>
      typeof item === "object" && open.has(item.id) ? this.inside(item, open) : null,
    );
    const wires = [...(this.levels.get(block.id)?.wires.values() ?? [])];
    return placed(block, wires, opened);
  }
}

const around = ({ width, height, below }: Inside): { width: number; height: number } => ({
  width: Math.max(NODE.width, width + 2 * PAD),
  height: height + HEAD + below,
});

/** The open blocks in a block. */
const openIn = (block: GraphBlock, open: ReadonlySet<number>): number[] =>
  block.items.flatMap((item) =>
    typeof item === "object" && open.has(item.id) ? [item.id, ...openIn(item, open)] : [],
  );

function placed(
  block: GraphBlock,
  wires: readonly Wire[],
  opened: readonly (Inside | null)[],
): Inside {
  const own = keyOf(block);
  const sizes = opened.map((inner) => (inner ? around(inner) : NODE));
  const places = new Map(block.items.map((item, place) => [keyOf(item), place]));
  // where wires cross the border, after the items; what no wire crosses would only take room
  const ports = [wires.some(({ from }) => from === own), wires.some(({ to }) => to === own)];
  const [entry, exit] = [sizes.length, sizes.length + (ports[0] ? 1 : 0)];
  const ends = wires.map(({ from, to }) => {
    const [start, end] = [places.get(from) ?? entry, places.get(to) ?? exit];
    return [start, end] as const;
  });
  const geometry = laidOut({
    nodes: [...sizes, ...ports.filter(Boolean).map(() => PORT)],
    edges: ends,
  });
  const below = ports[1] ? 0 : PAD;
  const boxes: Box[] = [];
  const lines: Line[] = [];
  const corners = sizes.map(({ width, height }, place) => {
    const { x, y } = at(geometry.nodes, place);
    return [x - width / 2, y - height / 2] as const;
  });
  block.items.forEach((item, place) => {
    const [x, y] = at(corners, place);
    const inner = at(opened, place);
    const { width, height } = at(sizes, place);
    boxes.push({
      ...{ key: keyOf(item), item, parent: own, open: inner !== null, depth: 0 },
      ...{ x, y, width, height },
    });
    if (!inner) return;
    const [dx, dy] = [x + (width - inner.width) / 2, y + HEAD];
    for (const box of inner.boxes)
      boxes.push({ ...box, x: box.x + dx, y: box.y + dy, depth: box.depth + 1 });
    for (const line of inner.lines)
      lines.push({ ...line, points: line.points.map((p, i) => p + (i % 2 === 0 ? dx : dy)) });
  });
  /** Where a wire ends at an item: an open block is entered, and left, where its own wires begin and end. */
  const port = (place: number, side: "entry" | "exit"): number | null => {
    const inner = opened[place];
    if (!inner) return null;
    return at(corners, place)[0] + (at(sizes, place).width - inner.width) / 2 + inner[side];
  };
  wires.forEach(({ from, to, layers }, i) => {
    const [start, end] = at(ends, i);
    const points = at(geometry.edges, i).map(([x, y]) => [x, y] as const);
    const [first, last] = [at(points, 0), at(points, -1)];
    points[0] =
      start === entry ? [first[0], UNDER_NAME] : [port(start, "exit") ?? first[0], first[1]];
    points[points.length - 1] =
      end === exit ? [last[0], geometry.height + below] : [port(end, "entry") ?? last[0], last[1]];
    lines.push({ from, to, layers: [...layers], points: points.flat() });
  });
  return {
    ...{ width: geometry.width, height: geometry.height, boxes, lines, below },
    entry: ports[0] ? at(geometry.nodes, entry).x : 0,
    exit: ports[1] ? at(geometry.nodes, exit).x : 0,
  };
}
