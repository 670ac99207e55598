import assert from "node:assert/strict";
import { scrollToRow, visibleRows } from "../../../webview/common/drawing/visible-rows.ts";
import {
  displaySize,
  fittingSize,
  layoutTiles,
  moveByKey,
  tileAt,
  tileOrigin,
  visibleTiles,
} from "../../../webview/common/drawing/tile-layout.ts";

const layout = layoutTiles({ width: 400, count: 1280, tileWidth: 56, tileHeight: 56 });

describe("the layout of tiles", () => {
  it("fills rows from the left and ends below the last one", () => {
    assert.equal(layout.columns, 6);
    assert.equal(layout.rows, Math.ceil(1280 / 6));
    const last = tileOrigin(layout, 1279);
    assert.ok(last.y + layout.tileHeight < layout.height);
    assert.ok(last.x + layout.tileWidth <= 400);
  });

  it("finds every tile again under its own middle, and none in the gaps", () => {
    for (const position of [0, 5, 6, 777, 1279]) {
      const { x, y } = tileOrigin(layout, position);
      const hit = tileAt(layout, x + 28, y + 14);
      assert.deepEqual(hit, { position, u: 0.5, v: 0.25 });
      assert.equal(tileAt(layout, x + 58, y + 14), null);
    }
    assert.equal(tileAt(layout, 0, 0), null);
  });

  it("shows whole rows and only what is in the window", () => {
    const [first, end] = visibleTiles(layout, 5000, 600);
    assert.equal(first % layout.columns, 0);
    const above = tileOrigin(layout, first);
    const below = tileOrigin(layout, end);
    assert.ok(above.y <= 5000 && above.y + layout.pitchY > 5000);
    assert.ok(below.y >= 5600 && below.y - layout.pitchY < 5600);
    assert.deepEqual(visibleTiles(layout, 1e6, 600), [1280, 1280]);
  });

  it("enlarges by whole device pixels and reduces large maps", () => {
    assert.equal(displaySize(3, 3, 56, 1), 54);
    assert.equal(displaySize(3, 3, 56, 2), 55.5);
    assert.equal(displaySize(112, 112, 56, 1), 56);
    assert.equal(displaySize(7, 14, 56, 1), 28);
  });

  it("takes the largest size at which all tiles are seen", () => {
    const of = (count: number) => (size: number) =>
      layoutTiles({ width: 700, count, tileWidth: size, tileHeight: size });
    const size = fittingSize(of(32), 600, 40, 176);
    assert.ok(of(32)(size).height <= 600);
    assert.ok(of(32)(size + 4).height > 600);
    assert.equal(fittingSize(of(5000), 600, 40, 176), 40);
  });
});

describe("keys in a grid", () => {
  it("move by one, by a row, by a page, to the ends", () => {
    assert.equal(moveByKey("ArrowRight", 5, 20, 6), 6);
    assert.equal(moveByKey("ArrowDown", 5, 20, 6), 11);
    assert.equal(moveByKey("PageDown", 5, 100, 6, 3), 23);
    assert.equal(moveByKey("End", 5, 20, 6), 19);
    assert.equal(moveByKey("Home", 5, 20, 6), 0);
  });

  it("stay where an arrow would leave the grid, and for other keys", () => {
    assert.equal(moveByKey("ArrowUp", 5, 20, 6), 5);
    assert.equal(moveByKey("ArrowDown", 15, 20, 6), 15);
    assert.equal(moveByKey("PageDown", 95, 100, 6, 3), 99);
    assert.equal(moveByKey("a", 5, 20, 6), 5);
    assert.equal(moveByKey("ArrowRight", 5, 20, 1), 5);
  });
});

describe("rows of a list", () => {
  it("are those in the window and a few to spare", () => {
    assert.deepEqual(visibleRows(2600, 260, 26, 6000, 2), [98, 112]);
    assert.deepEqual(visibleRows(0, 260, 26, 4), [0, 4]);
    assert.deepEqual(visibleRows(9000, 260, 26, 4), [3, 4]);
  });

  it("come into view: the next with the least movement, a far one to the middle", () => {
    assert.equal(scrollToRow(0, 260, 26, 5), 0);
    assert.equal(scrollToRow(0, 260, 26, 10), 26);
    assert.equal(scrollToRow(260, 260, 26, 9), 234);
    assert.equal(scrollToRow(0, 260, 26, 100), 2600 - 117);
  });
});
