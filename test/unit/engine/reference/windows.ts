import type { ConvAttrs, NodeOf, Padding, PoolAttrs } from "../../../../src/graph/index.ts";
import { at, type Array64, give, indices, zeros } from "./arrays.ts";

interface Axis {
  readonly out: number;
  readonly before: number;
}
/** Output length and front padding, by the definitions of TensorFlow's guide. */
function along(
  axis: 0 | 1,
  input: number,
  size: number,
  stride: number,
  rate: number,
  padding: Padding,
): Axis {
  const span = (size - 1) * rate + 1;
  if (padding === "valid") return { out: Math.ceil((input - span + 1) / stride), before: 0 };
  if (padding === "same") {
    const out = Math.ceil(input / stride);
    return { out, before: Math.floor(Math.max((out - 1) * stride + span - input, 0) / 2) };
  }
  const [front, back] = axis === 0 ? [padding[0], padding[1]] : [padding[2], padding[3]];
  return { out: Math.ceil((input + front + back - span + 1) / stride), before: front };
}

/** (output index, place in the input, tap of the window) of every tap of every window of one channel. */
function* taps(
  input: readonly number[],
  window: readonly [number, number],
  {
    strides,
    padding,
    dilations = [1, 1],
  }: Partial<ConvAttrs> & Pick<ConvAttrs, "strides" | "padding">,
): Generator<{
  n: number;
  i: number;
  j: number;
  row: number;
  column: number;
  r: number;
  c: number;
}> {
  const [n = 1, h = 1, w = 1] = input;
  const rows = along(0, h, window[0], strides[0], dilations[0], padding);
  const columns = along(1, w, window[1], strides[1], dilations[1], padding);
  for (const [b = 0, i = 0, j = 0, r = 0, c = 0] of indices([
    n,
    rows.out,
    columns.out,
    ...window,
  ])) {
    const row = i * strides[0] - rows.before + r * dilations[0];
    const column = j * strides[1] - columns.before + c * dilations[1];
    yield { n: b, i, j, row, column, r, c };
  }
}
function size(
  input: readonly number[],
  window: readonly [number, number],
  attrs: ConvAttrs,
): number[] {
  const [n = 1, h = 1, w = 1] = input;
  const { strides, dilations, padding } = attrs;
  return [
    n,
    along(0, h, window[0], strides[0], dilations[0], padding).out,
    along(1, w, window[1], strides[1], dilations[1], padding).out,
  ];
}
const windowOf = ([h = 1, w = 1]: readonly number[]): [number, number] => [h, w];

/** Visits (x index, kernel index, y index) of every product of a convolution. */
function* products(
  x: readonly number[],
  kernel: readonly number[],
  attrs: ConvAttrs,
  depthwise: boolean,
) {
  const [, , inC = 1, m = 1] = kernel;
  const groups = depthwise ? 1 : (x[3] ?? 1) / inC;
  for (const { n, i, j, row, column, r, c } of taps(x, windowOf(kernel), attrs))
    for (let k = 0; k < inC; k++)
      for (let f = 0; f < m; f++)
        yield [
          [n, row, column, k + Math.floor((f * groups) / m) * inC],
          [r, c, k, f],
          [n, i, j, depthwise ? k * m + f : f],
        ] as const;
}

export function convolve(
  x: Array64,
  kernel: Array64,
  attrs: ConvAttrs,
  depthwise: boolean,
): Array64 {
  const [, , inC = 1, m = 1] = kernel.shape;
  const y = zeros([...size(x.shape, windowOf(kernel.shape), attrs), depthwise ? inC * m : m]);
  for (const [from, tap, to] of products(x.shape, kernel.shape, attrs, depthwise))
    give(y, to, at4(x, from) * at(kernel, tap));
  return y;
}
/** No broadcasting over single rows: beyond a border is zero. */
function at4(x: Array64, index: readonly number[]): number {
  return index.some((i, axis) => i < 0 || i >= (x.shape[axis] ?? 0)) ? 0 : at(x, index);
}

export function convolveBack(
  dy: Array64,
  kernel: Array64,
  attrs: NodeOf<"conv2dInputGrad">["attrs"],
  depthwise: boolean,
): Array64 {
  const x = zeros([dy.shape[0] ?? 1, ...attrs.inputSize]);
  for (const [to, tap, from] of products(x.shape, kernel.shape, attrs, depthwise))
    give(x, to, at(dy, from) * at(kernel, tap));
  return x;
}

/** Cells of the picture under each window: output index -> input indices. */
function windows(
  x: readonly number[],
  attrs: PoolAttrs,
): { y: number[]; cells: Map<string, number[][]> } {
  const conv = { ...attrs, dilations: [1, 1] as const };
  const cells = new Map<string, number[][]>();
  const channels = x[3] ?? 1;
  for (const { n, i, j, row, column } of taps(x, attrs.window, conv))
    for (let c = 0; c < channels; c++) {
      const key = [n, i, j, c].join();
      const inside = row >= 0 && column >= 0 && row < (x[1] ?? 0) && column < (x[2] ?? 0);
      cells.set(key, [...(cells.get(key) ?? []), ...(inside ? [[n, row, column, c]] : [])]);
    }
  return { y: [...size(x, attrs.window, conv), channels], cells };
}
export function pool(x: Array64, attrs: PoolAttrs, of: (values: number[]) => number): Array64 {
  const { y, cells } = windows(x.shape, attrs);
  const values = [...indices(y)].map((index) =>
    of((cells.get(index.join()) ?? []).map((cell) => at(x, cell))),
  );
  return { shape: y, data: values };
}
export function poolBack(
  dy: Array64,
  x: readonly number[],
  attrs: PoolAttrs,
  share: (cells: number[][]) => number[],
): Array64 {
  const { y, cells } = windows(x, attrs);
  const dx = zeros(x);
  for (const index of indices(y)) {
    const own = cells.get(index.join()) ?? [];
    share(own).forEach((part, k) => {
      give(dx, own[k] ?? [], part * at(dy, index));
    });
  }
  return dx;
}
