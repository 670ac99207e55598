import assert from "node:assert/strict";
import { networkGraph } from "../../../src/methods/blocks/index.ts";
import type { NetworkGraph } from "../../../src/shared/contract/graph.ts";
import { cutTo } from "../../../webview/lenses/graph/draw/pen.ts";
import { levelsOf } from "../../../webview/lenses/graph/layout/levels.ts";
import { Placer } from "../../../webview/lenses/graph/layout/place.ts";
import type { Drawing, Key } from "../../../webview/lenses/graph/layout/types.ts";
import { neighbour } from "../../../webview/lenses/graph/neighbours.ts";
import { allBlocks, blocksAround, firstOpen } from "../../../webview/lenses/graph/open.ts";
import { fitted, firstView, moved, revealed, zoomed } from "../../../webview/lenses/graph/view.ts";
import { residualLayers } from "../../support/synthetic-layers.ts";

const layers = residualLayers(200, true);
const graph = networkGraph(layers);
const everything = new Set(allBlocks(graph.network).map(({ id }) => id));
const draw = (of: NetworkGraph, open: ReadonlySet<number>): Drawing =>
  new Placer(levelsOf(of)).draw(open);

/** Layers that are reached along lines from the first, each box standing for what is in it. */
function reached({ boxes, lines }: Drawing, first: Key): Set<Key> {
  const parents = new Map(boxes.map(({ key, parent }) => [key, parent]));
  const open = new Set(boxes.flatMap((box) => (box.open ? [box.key] : [])));
  const seen = new Set<Key>();
  // a line to an open block ends at its border, where those into it begin
  const visit = (key: Key, isInside: boolean): void => {
    const name = `${key} ${isInside}`;
    if (seen.has(name as Key)) return;
    seen.add(name as Key);
    seen.add(key);
    for (const { from, to } of lines) {
      if (from !== key) continue;
      const fromBorder = parents.get(to) === from;
      if (open.has(key) && fromBorder !== isInside) continue;
      visit(to, parents.get(from) === to ? false : open.has(to));
    }
  };
  visit(first, false);
  return seen;
}

describe("the graph's layout", () => {
  it("keeps everything connected, folded, half open and open", () => {
    for (const open of [new Set<number>(), firstOpen(graph.network), everything]) {
      const drawing = draw(graph, open);
      const seen = reached(drawing, "l0");
      for (const { key } of drawing.boxes) assert.ok(seen.has(key), `${key} is not reached`);
    }
  });

  it("draws every layer once when all is open, inside the blocks that it is in, and no two over each other", () => {
    const { boxes } = draw(graph, everything);
    const leaves = boxes.filter(({ item }) => typeof item === "number");
    assert.deepEqual(
      leaves.map(({ item }) => item as number).sort((a, b) => a - b),
      layers.map((_, place) => place),
    );
    const known = new Map(boxes.map((box) => [box.key, box]));
    for (const box of boxes) {
      const around = known.get(box.parent);
      if (!around) continue;
      assert.ok(box.x >= around.x && box.x + box.width <= around.x + around.width);
      assert.ok(box.y >= around.y && box.y + box.height <= around.y + around.height);
    }
    const sorted = [...leaves].sort((a, b) => a.y - b.y);
    sorted.forEach((a, i) => {
      for (const b of sorted.slice(i + 1, i + 8))
        assert.ok(
          b.y >= a.y + a.height || b.x >= a.x + a.width || a.x >= b.x + b.width,
          `${a.key} and ${b.key}`,
        );
    });
  });

  it("ends every line at the boxes that it joins", () => {
    const { boxes, lines } = draw(graph, everything);
    const known = new Map(boxes.map((box) => [box.key, box]));
    for (const { from, to, points } of lines) {
      const [a, b] = [known.get(from), known.get(to)];
      if (!a || !b || a.parent === to || b.parent === from) continue;
      assert.ok(Math.abs((points[1] ?? 0) - (a.y + a.height)) < 1, `${from} ${to}`);
      assert.ok(Math.abs((points.at(-1) ?? 0) - b.y) < 1, `${from} ${to}`);
    }
  });

  it("bears a network of one layer, and one in a circle", () => {
    const one = networkGraph(residualLayers(200, true).slice(0, 1));
    assert.equal(draw(one, new Set()).boxes.length, 1);
    const circle: NetworkGraph = {
      edges: [
        { from: 0, to: 1 },
        { from: 1, to: 0 },
      ],
      network: { id: 0, kind: "network", label: "", items: [0, 1] },
    };
    assert.equal(draw(circle, new Set()).lines.length, 2);
  });

  it("opens little at first, and finds the blocks around a layer", () => {
    assert.ok(draw(graph, firstOpen(graph.network)).boxes.length <= 24);
    const add = layers.findIndex(({ name }) => name === "stage1.2.add");
    assert.deepEqual(
      blocksAround(graph.network, add).map(({ label }) => label),
      ["stage1", "stage1.2"],
    );
  });
});

describe("the arrow keys in a graph", () => {
  const drawing = draw(graph, everything);
  const key = (name: string): Key => `l${layers.findIndex((layer) => layer.name === name)}`;
  it("go along the lines, into blocks and out of them", () => {
    const down = neighbour(drawing, key("stage0.0.conv1"), "down");
    assert.equal(down?.key, key("stage0.0.norm1"));
    assert.equal(neighbour(drawing, key("stage0.0.add"), "down")?.key, key("stage0.1.conv1"));
    assert.equal(neighbour(drawing, key("stage0.1.conv1"), "up")?.key, key("stage0.0.add"));
  });

  it("come from the first to the last, and stay there", () => {
    let at: Key | null = null;
    for (let i = 0; i < 3 * layers.length; i++) at = neighbour(drawing, at, "down")?.key ?? null;
    assert.equal(at, key("head"));
    for (let i = 0; i < 3 * layers.length; i++) at = neighbour(drawing, at, "up")?.key ?? null;
    assert.equal(at, key("input"));
  });
});

describe("the view of a graph", () => {
  const [drawing, window] = [
    { width: 300, height: 4000 },
    { width: 800, height: 600 },
  ];
  it("shows all of a small drawing, and the top of a large one as large as can be read", () => {
    const all = fitted(drawing, window);
    assert.ok(all.y <= 0 && all.y + window.height / all.scale >= drawing.height);
    const first = firstView(drawing, window);
    assert.ok(first.scale > 0.6 && first.y <= 0 && first.y > -50);
    assert.deepEqual(
      firstView({ width: 300, height: 500 }, window),
      fitted({ width: 300, height: 500 }, window),
    );
  });

  it("zooms where the pointer is, within bounds", () => {
    const view = { x: 10, y: 20, scale: 1 };
    const at = { x: 300, y: 200 };
    const near = zoomed(view, 1.5, at, 0.1);
    assert.ok(Math.abs(near.x + at.x / near.scale - (view.x + at.x)) < 1e-9);
    assert.ok(Math.abs(near.y + at.y / near.scale - (view.y + at.y)) < 1e-9);
    assert.equal(zoomed(view, 1000, at, 0.1).scale, 2.5);
    assert.equal(zoomed(view, 1e-6, at, 0.1).scale, 0.1);
  });

  it("never loses the drawing", () => {
    const view = { x: 0, y: 0, scale: 1 };
    for (const [dx, dy] of [
      [1e6, 1e6],
      [-1e6, -1e6],
    ] as const) {
      const { x, y } = moved(view, dx, dy, drawing, window);
      assert.ok(x < drawing.width && x + window.width > 0);
      assert.ok(y < drawing.height && y + window.height > 0);
    }
  });

  it("moves no further than shows a box", () => {
    const view = { x: 0, y: 0, scale: 1 };
    const box = { x: 100, y: 100, width: 176, height: 46 };
    assert.deepEqual(revealed(view, box, window), view);
    const below = revealed(view, { ...box, y: 1000 }, window);
    assert.ok(below.y + window.height >= 1046 && below.y < 1000 && below.x === 0);
  });

  it("cuts words to their room, at the end that says less", () => {
    const measure = (text: string): number => text.length;
    assert.equal(cutTo("short", { most: 9 }, measure), "short");
    assert.equal(cutTo("a.long.path.conv", { most: 6, cut: "start" }, measure), "….conv");
    assert.equal(cutTo("GlobalAveragePooling", { most: 7 }, measure), "Global…");
    assert.equal(cutTo("word", { most: 0 }, measure), "");
  });
});
