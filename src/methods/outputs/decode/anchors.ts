/** Heads with anchors, before decoding: YOLOv5 and YOLOv7, where the file tells the anchors. */
import { at } from "../../../base/at.ts";
import type { GraphBuilder } from "../../../graph/index.ts";
import type { Decoded } from "./decoded.ts";
import { below, cellsOf, columns, constant, eachCell, type Head } from "./heads.ts";

const SIDES = 5;

/**
 * Boxes of heads with a few anchors at each cell: the centre is (2 s - 0.5 + cell) strides, the size (2 s)^2 anchors, where s is a
 * sigmoid (YOLOv5, and v7 after it). `anchors` are widths and heights in pixels, grid by grid. null: the outputs are no such heads, or the
 * anchors are not theirs.
 */
export function fromAnchors(
  builder: GraphBuilder,
  heads: readonly Head[],
  anchors: readonly number[] | undefined,
): Decoded | null {
  const [first] = heads;
  if (!anchors || !first) return null;
  const each = anchors.length / heads.length / 2;
  const numbers = (first.map.numbers * (first.map.apart ?? 1)) / each;
  const fits = heads.every(
    ({ map, facts }) =>
      (map.apart ?? each) === each &&
      map.numbers * (map.apart ?? 1) === each * numbers &&
      facts.end.activation === null,
  );
  if (!Number.isInteger(each) || !Number.isInteger(numbers) || numbers <= SIDES || !fits)
    return null;
  const cells = below(
    builder,
    heads.map((head) => cellsOf(builder, head, each)),
  );
  // an axis of anchors that comes first keeps their cells together
  const outer = heads.some(({ map }) => map.apart !== null && map.apartFirst);
  const rows = (make: (anchor: number, cell: Cell) => readonly number[]): number[] =>
    outer
      ? heads.flatMap((head, level) =>
          Array.from({ length: each }, (_, i) =>
            eachCell([head], (cell) => make(level * each + i, cell)),
          ).flat(),
        )
      : eachCell(heads, (cell) =>
          Array.from({ length: each }, (_, i) => make(cell.head * each + i, cell)).flat(),
        );
  const base = constant(
    builder,
    rows((_, { row, column }) => [column - 0.5, row - 0.5]),
    2,
  );
  const strides = constant(
    builder,
    rows((_, { stride: [down, right] }) => [right, down]),
    2,
  );
  const sizes = constant(
    builder,
    rows((i) => [at(anchors, 2 * i), at(anchors, 2 * i + 1)]),
    2,
  );
  const sure = builder.add("sigmoid", "sigmoid", [cells]);
  const twice = (from: number) =>
    builder.add("mul", "twice", [columns(builder, sure, from, from + 2), builder.scalar(2)]);
  const moved = builder.add("add", "centre", [twice(0), base]);
  const centre = builder.add("mul", "centre", [moved, strides]);
  const size = builder.add("mul", "size", [builder.add("square", "size", [twice(2)]), sizes]);
  const scores = columns(builder, sure, 4, numbers);
  const names = heads.map(({ facts }) => `'${facts.spec.name}'`).join(", ");
  return {
    node: builder.add("concat", "decoded", [centre, size, scores], { axis: 2 }),
    outputs: heads.map(({ output }) => output),
    why: `Each cell of ${names} has ${each} anchors with 4 coordinates, an objectness and ${numbers - SIDES} class scores each, and the file tells the anchors.`,
    read: "Boxes are decoded from the raw heads with the file's anchors, as YOLOv5 and YOLOv7 do.",
    guessed: true,
    ...{ form: "centre", objectness: 4, classes: [SIDES, numbers], suppression: "overlap" },
  };
}
type Cell = Parameters<Parameters<typeof eachCell>[1]>[0];
