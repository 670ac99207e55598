import { axes } from "../../base/axes.ts";
import { slide } from "../../graph/index.ts";
import type { Rect } from "../../shared/contract/lenses.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { ConvolutionNode } from "./convolution.ts";

/** What one cell of a convolution multiplies: both arrays [h, w, in], in = 1 for a depthwise convolution. */
export interface Patch {
  readonly patch: Float32Array;
  readonly kernel: Float32Array;
  readonly shape: readonly [number, number, number];
  /** Where the patch lies in the layer's own input; parts outside are zero padding. */
  readonly rect: Rect;
  /** The input channel that a depthwise convolution's filter reads; null: all are read. */
  readonly channel: number | null;
}

/** `source` is the convolution's input [1, H, W, C], `stored` its kernel [h, w, C, F or M]. */
export function cutPatch(
  node: ConvolutionNode,
  source: FloatTensor,
  stored: FloatTensor,
  { filter, y, x }: { filter: number; y: number; x: number },
): Patch {
  const [, H = 0, W = 0, C = 0] = source.shape;
  const [h, w, inputs, outputs] = axes(stored.shape, 4);
  const { strides, dilations, padding } = node.attrs;
  const [rows, columns] = slide([H, W], [h, w], strides, dilations, padding);
  const top = y * strides[0] - rows.before;
  const left = x * strides[1] - columns.before;
  const depthwise = node.op === "depthwiseConv2d";
  const depth = depthwise ? 1 : inputs;
  const own = depthwise ? Math.floor(filter / outputs) : null;
  const patch = new Float32Array(h * w * depth);
  const kernel = new Float32Array(h * w * depth);
  for (let i = 0; i < h; i++)
    for (let j = 0; j < w; j++)
      for (let k = 0; k < depth; k++) {
        const at = (i * w + j) * depth + k;
        const [row, column] = [top + i * dilations[0], left + j * dilations[1]];
        const channel = own ?? k;
        const inside = row >= 0 && row < H && column >= 0 && column < W;
        patch[at] = inside ? (source.data[(row * W + column) * C + channel] ?? 0) : 0;
        kernel[at] = depthwise
          ? (stored.data[(i * w + j) * inputs * outputs + filter] ?? 0)
          : (stored.data[((i * w + j) * inputs + k) * outputs + filter] ?? 0);
      }
  const rect = {
    x: left,
    y: top,
    width: (w - 1) * dilations[1] + 1,
    height: (h - 1) * dilations[0] + 1,
  };
  return { patch, kernel, shape: [h, w, depth], rect, channel: own };
}
