import { at } from "../../base/at.ts";
import type { OpAttrs, ResizeAttrs } from "./attributes.ts";
import {
  type AxisReads,
  type Definition,
  type Family,
  type Known,
  noMacs,
  type Numbers,
  type Typed,
} from "./definition.ts";
import { input, line } from "./reading.ts";
import { float, maps, same } from "./shaping.ts";

type Forward = "resizeBilinear" | "resizeNearest";
type Backward = "resizeBilinearGrad" | "resizeNearestGrad";
type Kind = "bilinear" | "nearest";

const scaleOf = (from: number, to: number, centres: ResizeAttrs["centres"]): number =>
  centres === "corners" && to > 1 ? (from - 1) / (to - 1) : from / to;

/** From which cells a cell of the resized axis is made: `low` with weight 1 - `mix`, `high` with `mix`. */
interface Blend {
  readonly low: number;
  readonly high: number;
  readonly mix: number;
}
/** TensorFlow's arithmetic along one axis of `from` cells resized to `to`, in float32 as there. */
function blends(from: number, to: number, centres: ResizeAttrs["centres"], kind: Kind): Blend[] {
  const scale = Math.fround(scaleOf(from, to, centres));
  return Array.from({ length: to }, (_, i) => {
    if (kind === "nearest") {
      const place = Math.fround((centres === "half-pixel" ? i + 0.5 : i) * scale);
      const cell = centres === "corners" ? Math.round(place) : Math.floor(place);
      const low = Math.max(0, Math.min(cell, from - 1));
      return { low, high: low, mix: 0 };
    }
    const place = Math.fround(centres === "half-pixel" ? (i + 0.5) * scale - 0.5 : i * scale);
    const floor = Math.floor(place);
    return {
      low: Math.max(0, floor),
      high: Math.min(floor + 1, from - 1),
      mix: place - floor,
    };
  });
}

/** Cell i is made of the cells around i * step + shift: less than 1 away (bilinear), or the one that it lies in (nearest). */
function around(from: number, to: number, centres: ResizeAttrs["centres"], kind: Kind) {
  const step = scaleOf(from, to, centres);
  if (kind === "bilinear") {
    const shift = centres === "half-pixel" ? step / 2 - 0.5 : 0;
    return { step, low: shift - OPEN, high: shift + OPEN };
  }
  const shift = centres === "half-pixel" ? step / 2 : centres === "corners" ? 0.5 : 0;
  return { step, low: shift - OPEN, high: shift };
}
/** Less than one, by more than what lines are rounded by, and by less than neighbouring places lie apart. */
const OPEN = 1 - 1e-7;

/** Calls `visit` with the places of a cell of the small picture and one of the large one, before their channels, and the weight. */
function eachBlend(
  { size, centres }: ResizeAttrs,
  kind: Kind,
  [pictures, height, width]: readonly [number, number, number],
  visit: (small: number, large: number, weight: number) => void,
): void {
  const rows = blends(height, size[0], centres, kind);
  const columns = blends(width, size[1], centres, kind);
  let large = 0;
  for (let n = 0; n < pictures; n++)
    for (const row of rows)
      for (const column of columns) {
        const [top, bottom] = [(n * height + row.low) * width, (n * height + row.high) * width];
        visit(top + column.low, large, (1 - row.mix) * (1 - column.mix));
        visit(top + column.high, large, (1 - row.mix) * column.mix);
        visit(bottom + column.low, large, row.mix * (1 - column.mix));
        visit(bottom + column.high, large, row.mix * column.mix);
        large++;
      }
}
function give(out: Numbers, to: number, from: Known, start: number, weight: number): void {
  const channels = at(from.shape, 3);
  if (weight === 0) return;
  for (let c = 0; c < channels; c++)
    out[to * channels + c] =
      (out[to * channels + c] ?? NaN) + (from.data[start * channels + c] ?? NaN) * weight;
}

const forward = <K extends Forward>(kind: Kind): Definition<K> => ({
  shape: (inputs, attrs: ResizeAttrs): Typed => {
    const { batch, channels } = maps(at(inputs, 0));
    return float([batch, ...attrs.size, channels]);
  },
  reads: (call) => {
    const { size, centres }: ResizeAttrs = call.attrs;
    const own = input(call, 0).shape;
    return onMaps((i) => {
      const made = around(at(own, i + 1), at(size, i), centres, kind);
      return line(i + 1, { ...made, beyond: "edge" });
    });
  },
  macs: noMacs,
  cells: (out, inputs, { attrs }) => {
    const x = at(inputs, 0);
    const [pictures, height, width] = x.shape as [number, number, number];
    out.fill(0);
    eachBlend(attrs, kind, [pictures, height, width], (small, large, weight) => {
      give(out, large, x, small, weight);
    });
  },
});
/** (dy): every cell gives its gradient to the cells that it was blended from. */
const backward = <K extends Backward>(kind: Kind): Definition<K> => ({
  shape: (inputs, { inputSize }: OpAttrs[Backward]) =>
    float([at(same(inputs).shape, 0), ...inputSize]),
  reads: ({ attrs, shape }) => {
    const { size, centres }: ResizeAttrs = attrs;
    return onMaps((i) => {
      const { step, low, high } = around(at(shape, i + 1), at(size, i), centres, kind);
      return line(i + 1, { step: 1 / step, low: -high / step, high: -low / step });
    });
  },
  macs: noMacs,
  cells: (out, inputs, { attrs, shape }) => {
    const dy = at(inputs, 0);
    const [pictures, height, width] = shape as unknown as [number, number, number];
    out.fill(0);
    eachBlend(attrs, kind, [pictures, height, width], (small, large, weight) => {
      give(out, small, dy, large, weight);
    });
  },
});
/** Rows and columns as `read` says; the same picture and channel. */
const onMaps = (read: (i: 0 | 1) => AxisReads): AxisReads[] => [line(0), read(0), read(1), line(3)];

/**
 * Bilinear and nearest-neighbour resizing of NHWC tensors with TensorFlow's float32 arithmetic, and
 * the gradients by the input.
 */
export const resize = {
  resizeBilinear: forward("bilinear"),
  resizeNearest: forward("nearest"),
  resizeBilinearGrad: backward("bilinear"),
  resizeNearestGrad: backward("nearest"),
} satisfies Family;
