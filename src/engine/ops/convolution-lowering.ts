import type { EngineName } from "../../shared/engines.ts";
import { slide, type NodeId, type NodeOf, type Pair } from "../../graph/index.ts";
import type { Composer } from "./compose.ts";

type InputGrad = "conv2dInputGrad" | "depthwiseConv2dInputGrad";

/** Steps of one both ways. */
export const plain = ([height, width]: Pair): boolean => height === 1 && width === 1;

/** A number for each filter, [C], in the shape that a kernel is multiplied with. */
export const perFilter = (
  c: Composer,
  op: "conv2d" | "depthwiseConv2d",
  kernel: NodeId,
  factor: NodeId,
): NodeId => (op === "conv2d" ? factor : c.reshape(factor, [c.dim(kernel, 2), c.dim(kernel, 3)]));

/** The kernel with `dilation - 1` zeros between its taps. */
function spread(c: Composer, kernel: NodeId, [down, across]: Pair): NodeId {
  const [h, w, inC, m] = [0, 1, 2, 3].map((axis) => c.dim(kernel, axis)) as Size4;
  const rows = c.reshape(kernel, [h, 1, w, 1, inC * m]);
  const padded = c.op("pad", [rows], {
    paddings: [[0, 0], [0, down - 1], [0, 0], [0, across - 1], [0, 0]], // prettier-ignore
    value: 0,
  });
  const whole = c.reshape(padded, [h * down, w * across, inC, m]);
  const size = [(h - 1) * down + 1, (w - 1) * across + 1, inC, m];
  return c.op("slice", [whole], { begin: [0, 0, 0, 0], size });
}
type Size4 = [number, number, number, number];

/** In how many groups the channels of a convolution's input fall. */
export const groupsOf = (c: Composer, kernel: NodeId, channels: number): number =>
  channels / c.dim(kernel, 2);

/** Groups of one channel are a depthwise convolution; wasm computes larger groups one after the other. */
export function lowerGroups(
  c: Composer,
  node: NodeOf<"conv2d">,
  engine: EngineName,
): NodeId | null {
  const [x, kernel] = node.inputs as [NodeId, NodeId];
  const groups = groupsOf(c, kernel, c.dim(x, 3));
  if (groups === 1) return null;
  const [inputs, filters] = [c.dim(kernel, 2), c.dim(kernel, 3) / groups];
  if (inputs === 1)
    return c.op(
      "depthwiseConv2d",
      [x, c.reshape(kernel, [...taps(c, kernel), groups, filters])],
      node.attrs,
    );
  if (engine === "native") return null;
  const part = (id: NodeId, width: number, group: number): NodeId =>
    c.op("slice", [id], { begin: [0, 0, 0, group * width], size: [null, null, null, width] });
  const parts = Array.from({ length: groups }, (_, group) =>
    c.op("conv2d", [part(x, inputs, group), part(kernel, filters, group)], node.attrs),
  );
  return c.op("concat", parts, { axis: 3 });
}

/** Without oneDNN (on other processors, say) TensorFlow has no dilated and no unevenly strided depthwise kernel. */
export function lowerDepthwise(c: Composer, node: NodeOf<"depthwiseConv2d">): NodeId | null {
  const [x, kernel] = node.inputs as [NodeId, NodeId];
  const { strides, dilations, padding } = node.attrs;
  if (typeof padding !== "string") return withoutExplicitPadding(c, node, padding);
  if (!plain(dilations))
    return c.op("depthwiseConv2d", [x, spread(c, kernel, dilations)], {
      strides,
      dilations: [1, 1],
      padding,
    });
  if (strides[0] === strides[1]) return null;
  const size: Pair = [c.dim(x, 1), c.dim(x, 2)];
  const [rows, columns] = slide(size, taps(c, kernel), strides, dilations, padding);
  const every = c.op("depthwiseConv2d", [x, kernel], {
    strides: [1, 1],
    dilations,
    padding: [rows.before, rows.after, columns.before, columns.after],
  });
  return keepEvery(c, every, strides, [rows.out, columns.out]);
}
/** TensorFlow fuses a bias behind it into the kernel, and the fused kernel ends the process when its padding is explicit. */
function withoutExplicitPadding(
  c: Composer,
  { inputs, attrs }: NodeOf<"depthwiseConv2d">,
  padding: readonly [number, number, number, number],
): NodeId {
  const [x, kernel] = inputs as [NodeId, NodeId];
  const [top, bottom, left, right] = padding;
  const size: Pair = [c.dim(x, 1), c.dim(x, 2)];
  const same = slide(size, taps(c, kernel), attrs.strides, attrs.dilations, "same");
  const told = [top, bottom, left, right].join();
  if (same.flatMap(({ before, after }) => [before, after]).join() === told)
    return c.op("depthwiseConv2d", [x, kernel], { ...attrs, padding: "same" });
  const paddings = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ] as const;
  const padded = padding.every((n) => n === 0) ? x : c.op("pad", [x], { paddings, value: 0 });
  return c.op("depthwiseConv2d", [padded, kernel], { ...attrs, padding: "valid" });
}
const taps = (c: Composer, kernel: NodeId): Pair => [c.dim(kernel, 0), c.dim(kernel, 1)];

/** Rows 0, s, 2s, ... and likewise columns: padded to whole strides, folded, and the first of each taken. */
function keepEvery(c: Composer, x: NodeId, [sh, sw]: Pair, [oh, ow]: Pair): NodeId {
  const [h, w, channels] = [c.dim(x, 1), c.dim(x, 2), c.dim(x, 3)];
  const [tall, wide] = [Math.max(h, oh * sh), Math.max(w, ow * sw)];
  const padded = c.op("pad", [x], {
    paddings: [[0, 0], [0, tall - h], [0, wide - w], [0, 0]], // prettier-ignore
    value: 0,
  });
  const whole = c.op("slice", [padded], {
    begin: [0, 0, 0, 0],
    size: [null, oh * sh, ow * sw, channels],
  });
  const columns = c.op("slice", [c.reshape(whole, [null, oh * sh * ow, sw, channels])], {
    begin: [0, 0, 0, 0],
    size: [null, null, 1, null],
  });
  const rows = c.op("slice", [c.reshape(columns, [null, oh, sh, ow * channels])], {
    begin: [0, 0, 0, 0],
    size: [null, null, 1, null],
  });
  return c.reshape(rows, [null, oh, ow, channels]);
}

/**
 * The gradient of a convolution with respect to its input, as a forward convolution: zeros between the cells of `dy` undo
 * the stride, and the kernel is turned by 180 degrees (Dumoulin and Visin, "A guide to convolution arithmetic", 2016).
 */
export function asForward(c: Composer, node: NodeOf<InputGrad>): NodeId {
  const [dy, kernel] = node.inputs as [NodeId, NodeId];
  const { strides, dilations, padding, inputSize } = node.attrs;
  const [height, width, channels] = inputSize;
  const size = taps(c, kernel);
  const [rows, columns] = slide([height, width], size, strides, dilations, padding);
  const reach: Pair = [(size[0] - 1) * dilations[0], (size[1] - 1) * dilations[1]];
  const fitted = fit(
    c,
    spaceOut(c, dy, strides),
    [reach[0] - rows.before, reach[1] - columns.before],
    [height + reach[0], width + reach[1]],
  );
  const turned = c.op("reverse", [kernel], { axes: [0, 1] });
  const attrs = { strides: [1, 1], dilations, padding: "valid" } as const;
  if (node.op === "conv2dInputGrad")
    return c.op("conv2d", [fitted, exchanged(c, turned, groupsOf(c, kernel, channels))], attrs);
  const multiplier = c.dim(kernel, 3);
  const each = c.reshape(turned, [...size, channels * multiplier, 1]);
  const all = c.op("depthwiseConv2d", [fitted, each], attrs);
  if (multiplier === 1) return all;
  const apart = c.reshape(all, [null, height * width, channels, multiplier]);
  return c.reshape(c.sum(apart, [3]), [null, ...inputSize]);
}

/** [h, w, C/g, F] -> [h, w, F/g, C]: within each group, inputs and outputs change places. */
function exchanged(c: Composer, kernel: NodeId, groups: number): NodeId {
  if (groups === 1) return c.op("transpose", [kernel], { perm: [0, 1, 3, 2] });
  const [size, inputs, filters] = [taps(c, kernel), c.dim(kernel, 2), c.dim(kernel, 3) / groups];
  const apart = c.reshape(kernel, [...size, inputs, groups, filters]);
  const swapped = c.op("transpose", [apart], { perm: [0, 1, 4, 3, 2] });
  return c.reshape(swapped, [...size, filters, groups * inputs]);
}

/** [N, H, W, C] -> [N, H * sh, W * sw, C] with zeros between the cells. */
function spaceOut(c: Composer, dy: NodeId, [sh, sw]: Pair): NodeId {
  if (sh === 1 && sw === 1) return dy;
  const [h, w, channels] = [c.dim(dy, 1), c.dim(dy, 2), c.dim(dy, 3)];
  const across = c.op("pad", [c.reshape(dy, [null, h * w, 1, channels])], {
    paddings: [[0, 0], [0, 0], [0, sw - 1], [0, 0]], // prettier-ignore
    value: 0,
  });
  const down = c.op("pad", [c.reshape(across, [null, h, 1, w * sw * channels])], {
    paddings: [[0, 0], [0, 0], [0, sh - 1], [0, 0]], // prettier-ignore
    value: 0,
  });
  return c.reshape(down, [null, h * sh, w * sw, channels]);
}

/** Pads or crops so that `lead` cells stand in front and `wanted` cells there are. */
function fit(c: Composer, x: NodeId, lead: Pair, wanted: Pair): NodeId {
  const tail: Pair = [wanted[0] - lead[0] - c.dim(x, 1), wanted[1] - lead[1] - c.dim(x, 2)];
  const grow = (n: number): number => Math.max(0, n);
  const channels = c.dim(x, 3);
  const padded = [...lead, ...tail].some((n) => n > 0)
    ? c.op("pad", [x], {
        paddings: [[0, 0], [grow(lead[0]), grow(tail[0])], [grow(lead[1]), grow(tail[1])], [0, 0]], // prettier-ignore
        value: 0,
      })
    : x;
  if (![...lead, ...tail].some((n) => n < 0)) return padded;
  return c.op("slice", [padded], {
    begin: [0, grow(-lead[0]), grow(-lead[1]), 0],
    size: [null, ...wanted, channels],
  });
}
