import { at } from "../../../base/at.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

/** `Resize` of operation sets 10, 11, 13, 18, 19, and `Upsample` before it. */
function resize(call: Call): cf.Value {
  const { l, x } = call;
  const rank = x.shape.length;
  const upsample = call.node.op === "Upsample" || call.opset < 11;
  const [roiAt, scalesAt, sizesAt] = upsample ? [-1, 1, -1] : [1, 2, 3];
  const listed = call.ints("axes") ?? cf.range(rank);
  const axes = listed.map((axis) => cf.axisOf(axis, rank));
  const sampling: cf.Sampling = {
    mode: call.text("mode", "nearest"),
    centres: call.text("coordinate_transformation_mode", upsample ? "asymmetric" : "half_pixel"),
    nearest: call.text("nearest_mode", upsample ? "inwards" : "round_prefer_floor"),
    cubic: call.float("cubic_coeff_a", -0.75),
    excludeOutside: call.int("exclude_outside", 0) === 1,
    extrapolation: call.float("extrapolation_value", 0),
    antialias: call.int("antialias", 0) === 1,
  };
  const told =
    filled(call.attribute("scales")?.floats) ?? filled(call.numbers(scalesAt, "scales")?.data);
  const sizes = filled(call.numbers(sizesAt, "sizes")?.data);
  const roi = call.numbers(roiAt, "region")?.data ?? [];
  const policy = call.text("keep_aspect_ratio_policy", "stretch");
  const wanted = axes.map((axis, i): cf.Axis | null => {
    const size = at(x.shape, axis);
    if (cf.freed(size) === null) {
      if (
        told ? told[i] !== 1 : sizes && sizes[i] !== call.batch && cf.freed(sizes[i] ?? 0) !== null
      )
        throw new Unsupported("it resizes the batch");
      return null;
    }
    const scale = told ? at(told, i) : kept(policy, axes, sizes, x.shape, i);
    const to =
      told || policy !== "stretch" ? rounded(size * scale, told !== null) : (sizes?.[i] ?? size);
    if (!(to >= 1 && to <= MAX_SIDE)) throw new Unsupported(`it resizes an axis to ${to} cells`);
    const region: [number, number] = [roi[i] ?? 0, roi[i + axes.length] ?? 1];
    return { from: size, to, scale, region };
  });
  return resized(l, x, axes, wanted, sampling);
}

/** No picture is wider; a scale may say anything. */
const MAX_SIDE = 2 ** 20;

const filled = (list: readonly number[] | undefined): readonly number[] | null =>
  list && list.length > 0 ? list : null;
const rounded = (size: number, down: boolean): number =>
  down ? Math.floor(size + 1e-6 * size) : Math.round(size);

/** The scale of axis `i` for given sizes; other policies give all axes one scale. */
function kept(
  policy: string,
  axes: readonly number[],
  sizes: readonly number[] | null,
  shape: readonly number[],
  i: number,
): number {
  const scales = axes.map((axis, n) => (sizes ? at(sizes, n) : at(shape, axis)) / at(shape, axis));
  if (policy === "not_larger") return Math.min(...scales);
  if (policy === "not_smaller") return Math.max(...scales);
  return at(scales, i);
}

/** By the engines' operations where they mean the same, else axis by axis. */
function resized(
  l: cf.Lowering,
  x: cf.Value,
  axes: readonly number[],
  wanted: readonly (cf.Axis | null)[],
  sampling: cf.Sampling,
): cf.Value {
  const moving = axes.flatMap((axis, i) => {
    const one = wanted[i];
    const still =
      !one || (one.from === one.to && one.scale === 1 && sampling.centres !== "tf_crop_and_resize");
    return still ? [] : [{ axis, one }];
  });
  // where the places are whole, down and up is the same
  const whole = moving.every(({ one }) => one.scale >= 1 || Number.isInteger(1 / one.scale));
  const down = sampling.nearest === "inwards" && whole;
  const engine = engineSampling(down ? { ...sampling, nearest: "floor" } : sampling);
  const exact = moving.every(
    ({ axis, one }) => axis >= 2 && Math.abs(one.to / one.from - one.scale) < 1e-7,
  );
  if (engine && exact && x.shape.length === 4) {
    const at = (axis: number): number =>
      moving.find((each) => each.axis === axis)?.one.to ?? cf.known(x.shape, axis);
    return cf.resizePicture(l, x, [at(2), at(3)], engine.how, engine.centres);
  }
  const inside = moving.reduce<cf.Value>(
    (out, { axis, one }) =>
      cf.interpolate(l, out, axis, { size: one.to, weights: cf.weightsOf(one, sampling) }),
    x,
  );
  if (sampling.extrapolation === 0) return inside;
  // what is outside of one axis is zero up to here
  const masks = moving.map(({ axis, one }): cf.Value => {
    const shape = x.shape.map((_, i) => (i === axis ? one.to : 1));
    return cf.floats(cf.outside(one, sampling).map(Number), shape);
  });
  const [first = cf.number(0), ...others] = masks;
  const mask = others.reduce((a, b) => cf.binary(l, "maximum", a, b), first);
  return cf.binary(l, "add", inside, cf.binary(l, "mul", mask, cf.number(sampling.extrapolation)));
}

function engineSampling({ mode, centres, nearest, antialias, excludeOutside }: cf.Sampling) {
  if (antialias || excludeOutside) return null;
  if (mode === "linear") {
    if (centres === "half_pixel") return { how: "bilinear", centres: "half-pixel" } as const;
    if (centres === "align_corners") return { how: "bilinear", centres: "corners" } as const;
    if (centres === "asymmetric") return { how: "bilinear", centres: "legacy" } as const;
  }
  if (mode === "nearest" && centres === "asymmetric" && nearest === "floor")
    return { how: "nearest", centres: "legacy" } as const;
  return null;
}

/** `Resize`, and `Upsample`, which operation set 10 replaced by it. */
export const resizing: Operators = [
  ["Resize", resize],
  ["Upsample", resize],
];
