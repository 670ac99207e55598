import { at } from "../../base/at.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { ConvAttrs, OpAttrs, Pair } from "./attributes.ts";
import type { AxisReads, Call, Family, Known, Sized, Typed } from "./definition.ts";
import { input, line } from "./reading.ts";
import { dim, float, maps } from "./shaping.ts";
import { slide, type Window1d } from "./windows.ts";

type Forward = "conv2d" | "depthwiseConv2d";
type InputGrad = "conv2dInputGrad" | "depthwiseConv2dInputGrad";
type Restores = OpAttrs["conv2dInputGrad"];

function convolved(inputs: readonly Typed[], attrs: ConvAttrs, depthwise: boolean): Typed {
  const { batch, size, channels } = maps(at(inputs, 0));
  const kernel = at(inputs, 1).shape;
  const [inner, filters] = [dim(kernel, 2), dim(kernel, 3)];
  const groups = channels / inner;
  const fits = depthwise ? groups === 1 : Number.isInteger(groups) && filters % groups === 0;
  if (!fits) throw new RangeError(`a kernel for ${inner} channels meets ${channels}`);
  const [rows, columns] = slide(
    size,
    [dim(kernel, 0), dim(kernel, 1)],
    attrs.strides,
    attrs.dilations,
    attrs.padding,
  );
  return float([batch, rows.out, columns.out, depthwise ? channels * filters : filters]);
}
const restored = (inputs: readonly Typed[], { inputSize }: Restores): Typed =>
  float([at(at(inputs, 0).shape, 0), ...inputSize]);

const pair = (shape: readonly number[], first: number): Pair => [
  at(shape, first),
  at(shape, first + 1),
];
/** How the windows of a convolution slide over maps of `size`, by its kernel. */
const windows = (
  { attrs }: { attrs: ConvAttrs },
  size: Pair,
  kernel: Sized,
): readonly [Window1d, Window1d] =>
  slide(size, pair(kernel.shape, 0), attrs.strides, attrs.dilations, attrs.padding);

/** Rows and columns that a cell of the output reads: a window. */
function window(call: Call<Forward>): AxisReads[] {
  const [x, kernel] = [input(call, 0), input(call, 1)];
  const { strides, dilations } = call.attrs;
  return windows(call, pair(x.shape, 1), kernel).map(({ before }, i) => {
    const reach = (at(kernel.shape, i) - 1) * at(dilations, i);
    const from = { low: -before, high: reach - before };
    return line(i + 1, { ...from, step: at(strides, i) });
  });
}
/** The windows that a cell lies in, of those that a convolution of the output would have. */
function covering(call: Call<InputGrad>): AxisReads[] {
  const kernel = input(call, 1);
  const { strides, dilations, inputSize } = call.attrs;
  return windows(call, pair(inputSize, 0), kernel).map(({ before }, i) => {
    const reach = (at(kernel.shape, i) - 1) * at(dilations, i);
    const [step, low, high] = [1, before - reach, before].map((n) => n / at(strides, i));
    return line(i + 1, { step, low, high } as { step: number; low: number; high: number });
  });
}

/** Visits every product of a convolution: places of the cell of the picture, of the kernel's, and of the filtered one. */
function eachProduct(
  [pictures, size, channels]: readonly [number, Pair, number],
  kernel: Sized,
  attrs: ConvAttrs,
  depthwise: boolean,
  visit: (x: number, k: number, y: number) => void,
): void {
  const [height, width, inner, filters] = kernel.shape as [number, number, number, number];
  const [rows, columns] = windows({ attrs }, size, kernel);
  const outputs = depthwise ? inner * filters : filters;
  const perGroup = filters / (channels / inner);
  const channel = (c: number, f: number): number =>
    depthwise ? c : c + Math.floor(f / perGroup) * inner;
  for (let n = 0; n < pictures; n++)
    for (let i = 0; i < rows.out; i++)
      for (let j = 0; j < columns.out; j++)
        for (let r = 0; r < height; r++)
          for (let s = 0; s < width; s++) {
            const row = i * attrs.strides[0] - rows.before + r * attrs.dilations[0];
            const column = j * attrs.strides[1] - columns.before + s * attrs.dilations[1];
            if (row < 0 || row >= size[0] || column < 0 || column >= size[1]) continue;
            const x = ((n * size[0] + row) * size[1] + column) * channels;
            const y = ((n * rows.out + i) * columns.out + j) * outputs;
            const k = (r * width + s) * inner * filters;
            for (let c = 0; c < inner; c++)
              for (let f = 0; f < filters; f++)
                visit(
                  x + channel(c, f),
                  k + c * filters + f,
                  y + (depthwise ? c * filters + f : f),
                );
          }
}
const filtered =
  (depthwise: boolean) =>
  (out: Totals, [x, kernel]: readonly Known[], { attrs }: Call<Forward>): void => {
    if (!x || !kernel) return;
    const totals = new Float64Array(out.length);
    const picture = [at(x.shape, 0), pair(x.shape, 1), at(x.shape, 3)] as const;
    eachProduct(picture, kernel, attrs, depthwise, (from, k, to) => {
      totals[to] = (totals[to] ?? NaN) + (x.data[from] ?? NaN) * (kernel.data[k] ?? NaN);
    });
    out.set(totals);
  };
const spreadBack =
  (depthwise: boolean) =>
  (out: Totals, [dy, kernel]: readonly Known[], { attrs, shape }: Call<InputGrad>): void => {
    if (!dy || !kernel) return;
    const totals = new Float64Array(out.length);
    const picture = [at(shape, 0), pair(shape, 1), at(shape, 3)] as const;
    eachProduct(picture, kernel, attrs, depthwise, (to, k, from) => {
      totals[to] = (totals[to] ?? NaN) + (dy.data[from] ?? NaN) * (kernel.data[k] ?? NaN);
    });
    out.set(totals);
  };
type Totals = { set: (values: Float64Array) => void; readonly length: number };

/** Of a kernel [h, w, ...]: all taps; `inner` and `filters` as the operation has it. */
const taps = (inner: AxisReads, filters: AxisReads): AxisReads[] => ["all", "all", inner, filters];
/** Channels of a kernel that has those of one group only; all where it has every channel. */
const ofGroup = ({ shape }: Sized, channels: number): AxisReads =>
  at(shape, 2) === channels ? line(3) : line(3, { beyond: "wrap" });
/** Cells that a convolution makes, times the products of each. */
const products = (cells: Sized, { shape }: Sized, depthwise: boolean): number =>
  sizeOf(cells.shape) * sizeOf(shape.slice(0, depthwise ? 2 : 3));

/**
 * Convolutions as in TensorFlow (cross-correlations: the kernel is not flipped) and their gradients
 * by the input, of NHWC tensors, summed up in doubles.
 */
export const convolution = {
  conv2d: {
    shape: (inputs, attrs) => convolved(inputs, attrs, false),
    reads: (call, index) =>
      index === 0 ? [line(0), ...window(call), "all"] : taps("all", line(3)),
    macs: (call) => products(call, input(call, 1), false),
    cells: filtered(false),
  },
  depthwiseConv2d: {
    shape: (inputs, attrs) => convolved(inputs, attrs, true),
    reads: (call, index) => {
      const each = at(input(call, 1).shape, 3);
      // output c * each + m is filter m of channel c
      const channel = line(3, { step: 1 / each, low: 1 / each - 1, high: 0 });
      return index === 0
        ? [line(0), ...window(call), channel]
        : taps(channel, line(3, { beyond: "wrap" }));
    },
    macs: (call) => products(call, input(call, 1), true),
    cells: filtered(true),
  },
  conv2dInputGrad: {
    shape: restored,
    reads: (call, index) =>
      index === 0
        ? [line(0), ...covering(call), "all"]
        : taps(ofGroup(input(call, 1), at(call.shape, 3)), "all"),
    macs: (call) => products(input(call, 0), input(call, 1), false),
    cells: spreadBack(false),
  },
  depthwiseConv2dInputGrad: {
    shape: restored,
    reads: (call, index) => {
      const each = at(input(call, 1).shape, 3);
      const ofChannel = line(3, { step: each, low: 0, high: each - 1 });
      return index === 0 ? [line(0), ...covering(call), ofChannel] : taps(line(3), "all");
    },
    macs: (call) => products(input(call, 0), input(call, 1), true),
    cells: spreadBack(true),
  },
} satisfies Family;
