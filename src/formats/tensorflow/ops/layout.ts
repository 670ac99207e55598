/** Padding, resizing, and blocks of positions as channels or as pictures. */
import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation, Rule, Rules } from "../operation.ts";
import { channelsFirst } from "./views.ts";

/** Cells before and behind each axis. */
function pairs(op: Operation, index: number): (readonly [before: number, after: number])[] {
  const numbers = op.numbers(index, "paddings");
  return lower.range(numbers.length / 2).map((i) => [at(numbers, i * 2), at(numbers, i * 2 + 1)]);
}
function padded(op: Operation, mode: lower.PadMode, value: number): lower.Value {
  const sides = pairs(op, 1);
  if (sides.length !== op.x.shape.length) throw new Unsupported("its paddings do not fit");
  const [before, after] = [sides.map(([n]) => n), sides.map(([, n]) => n)];
  return lower.pad(op.l, op.x, before, after, mode, value);
}
const pad: Rule = (op) => padded(op, "constant", op.edges.length > 2 ? op.number(2, "value") : 0);
const mirrorPad: Rule = (op) =>
  padded(op, op.text("mode", "REFLECT") === "SYMMETRIC" ? "symmetric" : "reflect", 0);

const resize =
  (how: "bilinear" | "nearest"): Rule =>
  (op) => {
    const told = op.numbers(1, "size");
    const size = [at(told, 0), at(told, 1)] as const;
    const half = op.bool("half_pixel_centers", false) ? "half-pixel" : "legacy";
    const centres = op.bool("align_corners", false) ? "corners" : half;
    return channelsFirst(op, op.x, (x) => lower.resizePicture(op.l, x, size, how, centres));
  };

const blockOf = (op: Operation): number => op.int("block_size", 1);
const spaceToDepth: Rule = (op) =>
  channelsFirst(op, op.x, (x) => lower.spaceToDepth(op.l, x, blockOf(op), false));
const depthToSpace: Rule = (op) =>
  channelsFirst(op, op.x, (x) => lower.depthToSpace(op.l, x, blockOf(op), true));

/** Only around a convolution: there the phases of a picture stand for a dilation, and nothing has to be moved. */
const spaceToBatch: Rule = (op) => {
  const block = op.numbers(1, "block");
  if (block.length !== 2 || op.x.shape.length !== 4)
    throw new Unsupported("its blocks are not those of a picture");
  const [rows, columns] = [at(block, 0), at(block, 1)];
  return {
    kind: "phases",
    source: op.x,
    block: [rows, columns],
    paddings: pairs(op, 2),
    convolved: false,
  };
};
const batchToSpace: Rule = (op) => {
  const phases = op.edge(0);
  if (phases.kind !== "phases" || !phases.convolved)
    throw new Unsupported("it joins pictures that are no phases of one");
  const { source } = phases;
  const crops = pairs(op, 2);
  const ends = crops.map(([, after], i) => lower.known(source.shape, i + 1) - after);
  const starts = crops.map(([before]) => before);
  return lower.slice(op.l, source, [1, 2], starts, ends, [1, 1]);
};

/** Padding, resizing and blocks of positions. */
export const layout: Rules = [
  ["Pad", pad],
  ["PadV2", pad],
  ["MirrorPad", mirrorPad],
  ["ResizeBilinear", resize("bilinear")],
  ["ResizeNearestNeighbor", resize("nearest")],
  ["SpaceToDepth", spaceToDepth],
  ["DepthToSpace", depthToSpace],
  ["SpaceToBatchND", spaceToBatch],
  ["BatchToSpaceND", batchToSpace],
];
