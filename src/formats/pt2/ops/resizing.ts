import { at } from "../../../base/at.ts";
import {
  interpolate,
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

/** Rows and columns of the result: told, or by factors. */
function target(call: Call, x: Value): [number, number] {
  const told = call.numbers("output_size") ?? call.numbers("size");
  const factors = call.numbers("scale_factors") ?? [];
  const along = (axis: 0 | 1): number =>
    told ? at(told, axis) : Math.floor(known(x.shape, axis + 2) * at(factors, axis));
  return [along(0), along(1)];
}
const nearest: Lower = (call) => {
  const x = picture(call);
  return resizePicture(call.l, x, target(call, x), "nearest", "legacy");
};
const bilinear: Lower = (call) => {
  const x = picture(call);
  const corners = call.flag("align_corners", false);
  return resizePicture(call.l, x, target(call, x), "bilinear", corners ? "corners" : "half-pixel");
};

/** Keys' cubic convolution with a = -0.75, the border repeated. */
const CUBIC = {
  ...{ mode: "cubic", cubic: -0.75, nearest: "floor", extrapolation: 0 },
  ...{ excludeOutside: false, antialias: false },
};
const bicubic: Lower = (call) => {
  const x = picture(call);
  const size = target(call, x);
  const centres = call.flag("align_corners", false) ? "align_corners" : "half_pixel";
  return ([0, 1] as const).reduce((value, axis) => {
    const [from, to] = [known(x.shape, axis + 2), size[axis]];
    const along = { from, to, scale: to / from, region: [0, 1] } as const;
    const weights = weightsOf(along, { ...CUBIC, centres });
    return interpolate(call.l, value, axis + 2, { size: to, weights });
  }, x);
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
  upsample_bicubic2d: bicubic,
  pad: padded(),
  constant_pad_nd: padded("constant"),
  reflection_pad1d: padded("reflect"),
  reflection_pad2d: padded("reflect"),
  replication_pad1d: padded("edge"),
  replication_pad2d: padded("edge"),
};
