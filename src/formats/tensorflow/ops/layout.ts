/** Padding, resizing, and blocks of positions as channels or as pictures. */
import type { NodeId, ResizeAttrs } from "../../../graph/index.ts";
import type { Operation, Rule } from "../operation.ts";
import { TO_NCHW } from "../rearranged.ts";
import { Unsupported } from "../values.ts";
import { behind, channelsLast } from "./channels.ts";

type Pads = readonly (readonly [number, number])[];

function pairs(op: Operation, index: number): Pads {
  const numbers = op.numbers(index);
  return Array.from({ length: numbers.length / 2 }, (_, i) => [
    numbers[i * 2] ?? 0,
    numbers[i * 2 + 1] ?? 0,
  ]);
}
/** On the maps behind a channels-first tensor. */
function padded(op: Operation, body: (x: NodeId, paddings: Pads) => NodeId): NodeId {
  const x = op.tensor(0);
  const paddings = pairs(op, 1);
  const last = behind(op, x);
  if (last === null) return body(x, paddings);
  const moved = [0, 2, 3, 1].map((axis) => paddings[axis] ?? ([0, 0] as const));
  return op.transpose(body(last, moved), TO_NCHW);
}
const pad: Rule = (op) => {
  const value = op.count > 2 ? op.number(2) : 0;
  return padded(op, (x, paddings) => op.make("pad", [x], { paddings, value }));
};
const mirrorPad: Rule = (op) => {
  const mode = op.text("mode", "REFLECT") === "SYMMETRIC" ? "symmetric" : "reflect";
  return padded(op, (x, paddings) => op.make("mirrorPad", [x], { paddings, mode }));
};

const resize =
  (kind: "resizeBilinear" | "resizeNearest"): Rule =>
  (op) => {
    const [height = 0, width = 0] = op.numbers(1);
    const corners = op.bool("align_corners", false);
    const half = op.bool("half_pixel_centers", false);
    const centres: ResizeAttrs["centres"] = corners ? "corners" : half ? "half-pixel" : "legacy";
    return op.make(kind, [op.tensor(0)], { size: [height, width], centres });
  };

/** [N, H*b, W*b, C] -> [N, H, W, b*b*C] */
const spaceToDepth: Rule = (op) =>
  channelsLast(op, op.tensor(0), (x) => {
    const b = op.int("block_size", 1);
    const [n = null] = op.shape(x);
    const [h, w, c] = [op.dim(x, 1) / b, op.dim(x, 2) / b, op.dim(x, 3)];
    const split = op.reshape(x, [n, h, b, w, b, c]);
    return op.reshape(op.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h, w, b * b * c]);
  });
/** [N, H, W, b*b*C] -> [N, H*b, W*b, C] */
const depthToSpace: Rule = (op) =>
  channelsLast(op, op.tensor(0), (x) => {
    const b = op.int("block_size", 1);
    const [n = null] = op.shape(x);
    const [h, w, c] = [op.dim(x, 1), op.dim(x, 2), op.dim(x, 3) / (b * b)];
    const split = op.reshape(x, [n, h, w, b, b, c]);
    return op.reshape(op.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h * b, w * b, c]);
  });

/** Only around a convolution: there the phases of a picture stand for a dilation, and nothing has to be moved. */
const spaceToBatch: Rule = (op) => {
  const x = op.tensor(0);
  const [rows, columns, more] = op.numbers(1);
  if (rows === undefined || columns === undefined || more !== undefined || op.shape(x).length !== 4)
    throw new Unsupported("its blocks are not those of a picture");
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = pairs(op, 2);
  const paddings = [[0, 0], [top, bottom], [left, right]] as const; // prettier-ignore
  // a node of its own: the picture may be used elsewhere as it is
  const out = op.make("reshape", [x], { shape: op.shape(x) });
  op.phases.set(out, { block: [rows, columns], paddings, source: x, convolved: false });
  return out;
};
const batchToSpace: Rule = (op) => {
  const x = op.tensor(0);
  const phases = op.phases.get(x);
  if (!phases?.convolved) throw new Unsupported("it joins pictures that are no phases of one");
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = pairs(op, 2);
  const [h, w, c] = [op.dim(x, 1), op.dim(x, 2), op.dim(x, 3)];
  if (top === 0 && bottom === 0 && left === 0 && right === 0) {
    // what comes next sees an ordinary tensor
    return op.make("slice", [x], { begin: [0, 0, 0, 0], size: [null, h, w, c] });
  }
  const size = [null, h - top - bottom, w - left - right, c];
  return op.make("slice", [x], { begin: [0, top, left, 0], size });
};

export const layout: readonly (readonly [string, Rule])[] = [
  ["Pad", pad],
  ["PadV2", pad],
  ["MirrorPad", mirrorPad],
  ["ResizeBilinear", resize("resizeBilinear")],
  ["ResizeNearestNeighbor", resize("resizeNearest")],
  ["SpaceToDepth", spaceToDepth],
  ["DepthToSpace", depthToSpace],
  ["SpaceToBatchND", spaceToBatch],
  ["BatchToSpaceND", batchToSpace],
];
