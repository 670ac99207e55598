import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";
import { onPicture } from "./convolution.ts";
import { fused } from "./fused.ts";

function reshape(call: Call): cf.Value {
  const target = call.has(1) ? call.numbers(1, "target shape") : call.i32s(0);
  if (!target) throw new Unsupported("the file does not tell its target shape");
  return cf.reshape(call.l, call.x, call.freeBatch(target, call.x));
}

/** Axes of length 1 go: those of the option, else all but the batch. */
function squeeze(call: Call): cf.Value {
  const { l, x } = call;
  const given = call.i32s(0) ?? [];
  return cf.squeeze(l, x, given.length > 0 ? given : null);
}

/** (x, pairs of cells before and behind each axis, what they are) */
function pad(call: Call, mode: cf.PadMode): cf.Value {
  const [before, after] = sides(call.numbers(1, "borders"));
  if (before.length !== call.x.shape.length || [...before, ...after].some((cells) => cells < 0))
    throw new Unsupported("its borders do not fit its input");
  const value = mode === "constant" && call.has(2) ? call.number(2, "value of its border") : 0;
  return cf.pad(call.l, call.x, before, after, mode, value);
}
/** [before, after, before, after, ...] of each axis */
const sides = (pairs: readonly number[]): [number[], number[]] => [
  pairs.filter((_, i) => i % 2 === 0),
  pairs.filter((_, i) => i % 2 === 1),
];

/** The same cells in another shape, beside others or between new ones. */
export const shaping: Operators = [
  ["RESHAPE", reshape],
  ["SQUEEZE", squeeze],
  ["EXPAND_DIMS", (call) => cf.unsqueeze(call.l, call.x, [call.number(1, "axis")])],
  ["TRANSPOSE", (call) => cf.transpose(call.l, call.x, call.numbers(1, "order of axes"))],
  ["CONCATENATION", fused(1, (call) => cf.concat(call.l, call.all, call.i32(0)))],
  ["PACK", (call) => cf.stack(call.l, call.all, call.i32(1))],
  ["TILE", (call) => cf.tile(call.l, call.x, call.numbers(1, "repetitions"))],
  [
    "BROADCAST_TO",
    (call) => {
      const { l, x } = call;
      const target = call.numbers(1, "target shape");
      const lead = target.length - x.shape.length;
      return cf.expand(
        l,
        x,
        target.map((size, i) => call.freed(size, x.shape[i - lead] ?? 1)),
      );
    },
  ],
  ["PAD", (call) => pad(call, "constant")],
  ["PADV2", (call) => pad(call, "constant")],
  ["MIRROR_PAD", (call) => pad(call, call.i8(0) === 0 ? "reflect" : "symmetric")],
  ["SPACE_TO_DEPTH", onPicture((call, x) => cf.spaceToDepth(call.l, x, block(call), false))],
  ["DEPTH_TO_SPACE", onPicture((call, x) => cf.depthToSpace(call.l, x, block(call), true))],
  [
    "SPACE_TO_BATCH_ND",
    (call) =>
      cf.spaceToBatch(
        call.l,
        call.x,
        call.numbers(1, "block"),
        ...sides(call.numbers(2, "borders")),
      ),
  ],
  [
    "BATCH_TO_SPACE_ND",
    (call) =>
      cf.batchToSpace(
        call.l,
        call.x,
        call.numbers(1, "block"),
        ...sides(call.numbers(2, "borders")),
      ),
  ],
  ["RESIZE_BILINEAR", onPicture((call, x) => resize(call, x, "bilinear", 2, 3))],
  ["RESIZE_NEAREST_NEIGHBOR", onPicture((call, x) => resize(call, x, "nearest", 0, 1))],
];

function block(call: Call): number {
  const size = call.i32(0);
  if (size < 1) throw new Unsupported(`its blocks are of ${size} cells`);
  return size;
}

/** (x, [rows, columns]); the options `corners` and `centres` say how the grids are laid over each other. */
function resize(
  call: Call,
  x: cf.Value,
  how: "nearest" | "bilinear",
  corners: number,
  centres: number,
): cf.Value {
  const [rows = 0, columns = 0] = call.numbers(1, "size");
  if (rows < 1 || columns < 1) throw new Unsupported("its size is not known");
  const grid = call.bool(corners) ? "corners" : call.bool(centres) ? "half-pixel" : "legacy";
  return cf.resizePicture(call.l, x, [rows, columns], how, grid);
}
