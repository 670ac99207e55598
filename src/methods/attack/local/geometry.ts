/** Where in a network the change of one pixel arrives: along each axis, operation by operation. */
import { slide, type GraphNode, type NodeId, type Pair } from "../../../graph/index.ts";
import type { Shape } from "../../../base/tensor.ts";

/**
 * Cells along one axis that depend on one pixel, for every place of that pixel along the axis: from `starts[place]` on, `size` of
 * them wherever it is. They may reach over the map's border, and some may not change.
 */
export interface Track {
  readonly starts: readonly number[];
  /** The last that can change. */
  readonly ends: readonly number[];
  readonly size: number;
}
/** What a cell of an operation's output reads of its input: `reach` cells from index * stride - before on. */
export interface Window {
  readonly reach: Pair;
  readonly stride: Pair;
  readonly before: Pair;
  /** What stands outside the input's border; null where nothing outside is read. */
  readonly outside: number | null;
}

/** Below whatever a map holds; not minus infinity, which not every kernel takes. */
const LOWEST = -3e38;
const POINTWISE: ReadonlySet<GraphNode["op"]> = new Set([
  ...(["relu", "relu6", "leakyRelu", "elu", "sigmoid", "tanh", "softplus", "exp", "log"] as const),
  ...(["sqrt", "rsqrt", "square", "abs", "neg", "sign", "erf", "reciprocal", "floor"] as const),
  ...(["clip", "biasAdd", "batchNorm", "add", "sub", "mul", "div", "maximum"] as const),
  ...(["minimum", "pow"] as const),
]);
const ONE: Window = { reach: [1, 1], stride: [1, 1], before: [0, 0], outside: null };

/**
 * The window of an operation on maps [N, H, W, C]; null for one through which a change is not followed cell by cell (a reshape, a
 * mean, another tensor of its own size beside).
 */
export function windowOf(
  node: GraphNode,
  shapeOf: (id: NodeId) => Shape,
  changes: (id: NodeId) => boolean,
): Window | null {
  if (node.shape.length !== 4) return null;
  const shape = shapeOf(node.inputs[0] ?? "");
  const size: Pair = [shape[1] ?? 1, shape[2] ?? 1];
  const others = node.inputs.filter((id) => !changes(id));
  switch (node.op) {
    case "conv2d":
    case "depthwiseConv2d": {
      const kernel = shapeOf(node.inputs[1] ?? "");
      if (changes(node.inputs[1] ?? "")) return null;
      const { strides, dilations, padding } = node.attrs;
      const [h, w] = [kernel[0] ?? 1, kernel[1] ?? 1];
      const [rows, columns] = slide(size, [h, w], strides, dilations, padding);
      const reach: Pair = [(h - 1) * dilations[0] + 1, (w - 1) * dilations[1] + 1];
      return { reach, stride: strides, before: [rows.before, columns.before], outside: 0 };
    }
    case "maxPool":
    case "avgPool": {
      const { window, strides, padding } = node.attrs;
      const [rows, columns] = slide(size, window, strides, [1, 1], padding);
      const padded = rows.before + rows.after + columns.before + columns.after > 0;
      // the denominator of an average changes at a padded border
      if (node.op === "avgPool" && padded) return null;
      const before: Pair = [rows.before, columns.before];
      return { reach: window, stride: strides, before, outside: padded ? LOWEST : null };
    }
    case "pad": {
      const [batch, rows, columns, channels] = node.attrs.paddings;
      if ([batch, channels].some((sides) => sides?.some((side) => side !== 0))) return null;
      return { ...ONE, before: [rows?.[0] ?? 0, columns?.[0] ?? 0], outside: node.attrs.value };
    }
    case "concat":
      return node.attrs.axis === 3 && others.length === 0 ? ONE : null;
    default: {
      // beside the maps only what is the same at every position, and nothing that is broadcast
      const flat = others.every((id) =>
        shapeOf(id)
          .slice(-3, -1)
          .every((axis) => axis === 1),
      );
      const equal = node.inputs
        .filter(changes)
        .every((id) => shapeOf(id).every((axis, i) => axis === node.shape[i]));
      return POINTWISE.has(node.op) && flat && equal ? ONE : null;
    }
  }
}

const trackOf = (starts: readonly number[], ends: readonly number[]): Track => ({
  starts,
  ends,
  // where a stride passes the pixel by, one cell stands for none
  size: starts.reduce((most, start, i) => Math.max(most, (ends[i] ?? start) - start + 1), 1),
});

/** The pixel itself. */
export function pixelTrack(length: number): Track {
  const places = [...Array(length).keys()];
  return trackOf(places, places);
}

/** The outputs that read any of `input`. */
export function reached({ starts, ends }: Track, window: Window, axis: 0 | 1): Track {
  const [stride, before] = [window.stride[axis], window.before[axis]];
  const behind = window.reach[axis] - 1 - before;
  return trackOf(
    starts.map((start) => Math.ceil((start - behind) / stride)),
    ends.map((end) => Math.floor((end + before) / stride)),
  );
}

/** The inputs that `output` reads. */
export function read(output: Track, window: Window, axis: 0 | 1): Track {
  const [stride, before] = [window.stride[axis], window.before[axis]];
  const size = (output.size - 1) * stride + window.reach[axis];
  const starts = output.starts.map((start) => start * stride - before);
  return { starts, ends: starts.map((start) => start + size - 1), size };
}

export const hull = (a: Track, b: Track): Track =>
  trackOf(
    a.starts.map((start, i) => Math.min(start, b.starts[i] ?? start)),
    a.ends.map((end, i) => Math.max(end, b.ends[i] ?? end)),
  );
