/** The places of maxima, which a pool tells beside the maxima themselves. */
import type { NodeId } from "../../graph/index.ts";
import { Unsupported } from "./unsupported.ts";
import { asPicture, fromPicture, pair } from "./convolution.ts";
import type { Lowering } from "./lowering.ts";
import { geometry, tapsOf, type Pool } from "./pooling.ts";
import { ints, range, type Tensor, type Value } from "./value.ts";

/**
 * Where each window's first maximum stands: its number among all cells of `x` in the file's order, or with the rows of a
 * picture innermost (`byColumn`).
 */
export function maxPoolPlaces(l: Lowering, x: Value, pool: Pool, byColumn: boolean): Tensor {
  const { attrs, padding, extra } = geometry(l, x, pool);
  const picture = asPicture(l, x);
  const dilations = pair(pool.dilations, 1);
  const [batch = null, ...sizes] = l.nodeShape(picture);
  const [rows, columns, channels] = sizes.map((size) => size ?? 1) as [number, number, number];
  const cells = tapsOf(l, picture, attrs, dilations, padding, extra, -Infinity);
  const [first] = cells;
  if (first === undefined) throw new Unsupported("its window has no cells");
  const [, high, wide] = l.nodeShape(first).map((size) => size ?? 1) as [1, number, number];
  const places = (tap: number): NodeId => {
    const [i, j] = [Math.floor(tap / attrs.window[1]), tap % attrs.window[1]];
    const all = range(high * wide).map((cell) => {
      const row = Math.floor(cell / wide) * attrs.strides[0] + i * dilations[0] - padding[0];
      const column = (cell % wide) * attrs.strides[1] + j * dilations[1] - padding[2];
      return byColumn ? column * rows + row : row * columns + column;
    });
    return l.node(ints(all, [1, high, wide, 1]));
  };
  let [best, where] = [
    first,
    l.op("select", [l.op("equal", [first, first]), places(0), places(0)]),
  ];
  for (const [tap, cell] of cells.entries()) {
    if (tap === 0) continue;
    where = l.op("select", [l.op("greater", [cell, best]), places(tap), where]);
    best = l.op("maximum", [best, cell]);
  }
  const area = rows * columns;
  const plane = l.node(
    ints(
      range(channels).map((c) => c * area),
      [1, 1, 1, channels],
    ),
  );
  const inPicture = l.op("add", [where, plane]);
  const picked = l.op("mul", [
    pictureNumbers(l, picture, batch),
    l.node(ints([area * channels], [])),
  ]);
  return fromPicture(l, l.op("add", [inPicture, picked]), x);
}

/** 0, 1, 2, ... for the pictures of the batch, as [N, 1, 1, 1]. */
function pictureNumbers(l: Lowering, picture: NodeId, batch: number | null): NodeId {
  if (batch !== null) return l.node(ints(range(batch), [batch, 1, 1, 1]));
  const cell = l.op("slice", [picture], { begin: [0, 0, 0, 0], size: [null, 1, 1, 1] });
  const one = l.op("cast", [l.op("logicalNot", [l.op("less", [cell, cell])])], { dtype: "int32" });
  // counting the pictures is the one thing that has to know of the others
  const count = { axis: 0, exclusive: true, reverse: false };
  return l.network.builder.add("cumSum", `${l.name}/pictures`, [one], count);
}
