import { at } from "../../../base/at.ts";
import {
  gather,
  interpolate,
  ints,
  known,
  pad,
  range,
  resizePicture,
  weightsOf,
  type PadMode,
  type Value,
} from "../../lower/index.ts";

import { Unsupported } from "../../lower/unsupported.ts";
import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";

const picture = (call: Call): Value => call.value(call.has("self") ? "self" : "input");

/** An axis that is resized; `factor` is what coordinates are computed with, and where the size was rounded not to / from. */
interface Resized {
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}
const SCALES = ["scales_d", "scales_h", "scales_w"];
/** Each axis of positions: sizes are told, or follow from factors, which then are what coordinates are computed with. */
function target(call: Call, x: Value): readonly Resized[] {
  const told = call.numbers("output_size") ?? call.numbers("size");
  const factors = call.numbers("scale_factors");
  const names = SCALES.slice(2 - x.shape.length);
  return names.map((name, axis): Resized => {
    const from = known(x.shape, axis + 2);
    const own = factors ? at(factors, axis) : call.number(name, 0);
    const to = told ? at(told, axis) : Math.floor(from * own);
    return { from, to, factor: own > 0 ? own : to / from };
  });
}
const isExact = ({ from, to, factor }: Resized): boolean => Math.abs(to / from - factor) < 1e-9;
const sizesOf = (axes: readonly Resized[]): [number, number] => [at(axes, 0).to, at(axes, 1).to];

/** floor(i / factor) in float32, as PyTorch computes it. */
function nearestCells({ from, to, factor }: Resized): number[] {
  const step = Math.fround(1 / factor);
  return range(to).map((i) => Math.min(Math.floor(Math.fround(i * step)), from - 1));
}
const nearest: Lower = (call) => {
  const x = picture(call);
  const axes = target(call, x);
  if (axes.every(isExact) && axes.length === 2)
    return resizePicture(call.l, x, sizesOf(axes), "nearest", "legacy");
  return axes.reduce((out, axis, i) => gather(call.l, out, ints(nearestCells(axis)), i + 2), x);
};
const bilinear: Lower = (call) => {
  const x = picture(call);
  const axes = target(call, x);
  const corners = call.flag("align_corners", false);
  if (axes.length !== 2)
    return sampled(call, x, axes, "linear", corners ? "align_corners" : "half_pixel");
  if (!corners && !axes.every(isExact)) return sampled(call, x, axes, "linear", "half_pixel");
  return resizePicture(call.l, x, sizesOf(axes), "bilinear", corners ? "corners" : "half-pixel");
};
/** The border is repeated; Keys' cubic convolution with a = -0.75. */
function sampled(
  call: Call,
  x: Value,
  axes: readonly Resized[],
  mode: "linear" | "cubic",
  centres: "align_corners" | "half_pixel",
): Value {
  const sampling = {
    ...{ mode, centres, cubic: -0.75, nearest: "floor", extrapolation: 0 },
    ...{ excludeOutside: false, antialias: false },
  };
  return axes.reduce((value, { from, to, factor }, i) => {
    const scale = centres === "align_corners" ? to / from : factor;
    const weights = weightsOf({ from, to, scale, region: [0, 1] }, sampling);
    return interpolate(call.l, value, i + 2, { size: to, weights });
  }, x);
}
const bicubic: Lower = (call) => {
  const x = picture(call);
  const centres = call.flag("align_corners", false) ? "align_corners" : "half_pixel";
  return sampled(call, x, target(call, x), "cubic", centres);
};

const MODES: Readonly<Record<string, PadMode>> = {
  ...{ constant: "constant", reflect: "reflect", replicate: "edge", circular: "wrap" },
};
/** Pairs of cells before and after, from the last axis to the front. */
const padded =
  (fixed?: PadMode): Lower =>
  (call) => {
    const x = picture(call);
    const sides = call.numbers(call.has("pad") ? "pad" : "padding") ?? [];
    const mode = fixed ?? MODES[call.text("mode", "constant")];
    if (!mode) throw new Unsupported(`its mode is '${call.text("mode", "")}'`);
    const rank = x.shape.length;
    const side = (offset: 0 | 1): number[] =>
      range(rank).map((axis) => sides[2 * (rank - 1 - axis) + offset] ?? 0);
    return pad(call.l, x, side(0), side(1), mode, call.number("value", 0));
  };

/**
 * Upsampling of [N, C, H, W] with PyTorch's coordinates (`nearest` takes floor(i * scale)), and
 * borders; padding lists the last axis first.
 */
export const resizings: Table = {
  upsample_nearest2d: nearest,
  upsample_bilinear2d: bilinear,
  upsample_nearest3d: nearest,
  upsample_trilinear3d: bilinear,
  upsample_bicubic2d: bicubic,
  pad: padded(),
  constant_pad_nd: padded("constant"),
  reflection_pad1d: padded("reflect"),
  reflection_pad2d: padded("reflect"),
  replication_pad1d: padded("edge"),
  replication_pad2d: padded("edge"),
};
