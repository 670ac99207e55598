/** CenterNet: each object is a peak of its class' heat map, with maps of its size and of its centre's offset beside. */
import { at } from "../../../base/at.ts";
import type { GraphBuilder } from "../../../graph/index.ts";
import type { Decoded } from "./decoded.ts";
import { cellsOf, constant, eachCell, type Head } from "./heads.ts";

const SIZE = /(?:^|[^a-z])wh|size|dim/i;
const OFFSET = /off|reg/i;

/**
 * Boxes of a heat map of scores with maps of sizes and offsets, in cells ("Objects as Points", Zhou et al. 2019). null: the outputs are
 * no such maps, or nothing tells which is which.
 */
export function fromCentres(builder: GraphBuilder, heads: readonly Head[]): Decoded | null {
  const heat = heads.find(({ facts: { end } }) => end.activation === "sigmoid" && !end.scaled);
  const pairs = heads.filter((head) => head !== heat && head.map.numbers === 2);
  const called = (pattern: RegExp): Head[] =>
    pairs.filter(({ facts }) => pattern.test(facts.spec.name));
  const [size, ...sizes] = called(SIZE);
  const [offset, ...offsets] = called(OFFSET);
  const clear = sizes.length === 0 && offsets.length === 0 && size !== offset;
  if (!heat || !size || !clear || heads.length !== (offset ? 3 : 2)) return null;
  if (heads.some(({ map }) => map.cells !== heat.map.cells || map.apart !== null)) return null;
  const cells = constant(
    builder,
    eachCell([heat], ({ row, column }) => (offset ? [column, row] : [column + 0.5, row + 0.5])),
    2,
  );
  const strides = constant(
    builder,
    eachCell([heat], ({ stride: [down, right] }) => [right, down]),
    2,
  );
  const moved = offset
    ? builder.add("add", "centre", [cells, cellsOf(builder, offset)])
    : builder.add("add", "centre", [
        cells,
        builder.add("mul", "nowhere", [cellsOf(builder, size), builder.scalar(0)]),
      ]);
  const centre = builder.add("mul", "centre", [moved, strides]);
  const sides = builder.add("mul", "size", [cellsOf(builder, size), strides]);
  const scores = cellsOf(builder, heat);
  return {
    node: builder.add("concat", "decoded", [centre, sides, scores], { axis: 2 }),
    outputs: heads.map(({ output }) => output),
    why: `'${heat.facts.spec.name}' has a sigmoid for each of ${heat.map.numbers} classes at each cell, '${size.facts.spec.name}' sizes${offset ? `, '${offset.facts.spec.name}' offsets` : ""}.`,
    read: `Objects are peaks of the heat map; sizes${offset ? " and offsets" : ""} are read by the outputs' names, width before height, in cells of ${at(heat.stride, 0)} pixels.`,
    guessed: true,
    ...{ form: "centre", objectness: null, classes: [4, 4 + heat.map.numbers] },
    suppression: "peaks",
    grid: [heat.map.rows, heat.map.columns],
  };
}
