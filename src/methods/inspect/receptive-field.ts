/**
 * Theoretical receptive fields, forwards: for every node, which input pixels a cell can see, as start + index * stride and
 * size per axis (Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks"). Cells that see
 * everything have stride 0 and the input's size.
 */
import {
  slide,
  type GraphNode,
  type NodeId,
  type Pair,
  type ReceptiveField,
} from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";

interface Axis {
  readonly start: number;
  readonly stride: number;
  readonly size: number;
}
/** Fields of one tensor, and which of its axes are rows and columns (channels-first models transpose). */
interface Fields {
  readonly axes: readonly [rows: Axis, columns: Axis];
  readonly where: Pair;
}

const window = (
  axis: Axis,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
): Axis => ({
  start: axis.start - before * axis.stride,
  stride: axis.stride * stride,
  size: axis.size + (kernel - 1) * dilation * axis.stride,
});
/** A cell of a map `factor` times larger sees up to `reach` cells of the smaller one; which ones depends on its phase. */
const enlarged = (axis: Axis, factor: number, reach: number): Axis => ({
  start: axis.start - (reach - 1) * axis.stride,
  stride: axis.stride / factor,
  size: axis.size + 2 * (reach - 1) * axis.stride,
});
const isGlobal = (axis: Axis): boolean => axis.stride === 0;

function union(a: Axis, b: Axis, whole: Axis): Axis {
  if (isGlobal(a) || isGlobal(b) || a.stride !== b.stride) return whole;
  const start = Math.min(a.start, b.start);
  return { start, stride: a.stride, size: Math.max(a.start + a.size, b.start + b.size) - start };
}

/** Fields of every node that depends on the input `from`, for an input of `size` pixels. */
export function receptiveFields(
  nodes: readonly GraphNode[],
  from: NodeId,
  size: Pair,
  where: Pair = [1, 2],
): Map<NodeId, ReceptiveField> {
  const whole: readonly [Axis, Axis] = [
    { start: 0, stride: 0, size: size[0] },
    { start: 0, stride: 0, size: size[1] },
  ];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const shapeOf = (id: NodeId): Shape => byId.get(id)?.shape ?? [];
  const fields = new Map<NodeId, Fields>();
  const one: Axis = { start: 0, stride: 1, size: 1 };
  fields.set(from, { axes: [one, one], where });
  for (const node of nodes) {
    const sources = node.inputs.flatMap((id) => {
      const field = fields.get(id);
      return field ? [{ node: byId.get(id), field }] : [];
    });
    if (sources.length === 0) continue;
    const through = sources.map(({ node: input, field }) =>
      input ? pass(node, input, field, whole, shapeOf) : { axes: whole, where: field.where },
    );
    const merged = through.reduce((a, b) => ({
      axes: [union(a.axes[0], b.axes[0], whole[0]), union(a.axes[1], b.axes[1], whole[1])],
      where: a.where,
    }));
    fields.set(node.id, merged);
  }
  return new Map([...fields].map(([id, { axes }]) => [id, report(axes)]));
}

const report = ([rows, columns]: readonly [Axis, Axis]): ReceptiveField => ({
  size: [rows.size, columns.size],
  stride: [rows.stride, columns.stride],
  start: [rows.start, columns.start],
});

/** What `node` sees through one of its inputs. An operation that mixes positions in a way not listed sees everything. */
function pass(
  node: GraphNode,
  input: GraphNode,
  field: Fields,
  whole: readonly [Axis, Axis],
  shapeOf: (id: NodeId) => Shape,
): Fields {
  const { axes, where } = field;
  const each = (map: (axis: Axis, i: 0 | 1) => Axis): Fields => ({
    axes: [map(axes[0], 0), map(axes[1], 1)],
    where,
  });
  const everything: Fields = { axes: whole, where };
  const inputSize: Pair = [input.shape[where[0]] ?? 1, input.shape[where[1]] ?? 1];
  const outputSize: Pair = [node.shape[where[0]] ?? 1, node.shape[where[1]] ?? 1];

  switch (node.op) {
    case "conv2d":
    case "depthwiseConv2d":
    case "maxPool":
    case "avgPool": {
      const kernel: Pair = "window" in node.attrs ? node.attrs.window : kernelSize(node, shapeOf);
      const dilations: Pair = "dilations" in node.attrs ? node.attrs.dilations : [1, 1];
      const windows = slide(inputSize, kernel, node.attrs.strides, dilations, node.attrs.padding);
      return each((axis, i) =>
        window(axis, kernel[i], node.attrs.strides[i], dilations[i], windows[i].before),
      );
    }
    case "conv2dInputGrad":
    case "depthwiseConv2dInputGrad": {
      const kernel = kernelSize(node, shapeOf);
      return each((axis, i) =>
        enlarged(axis, node.attrs.strides[i], Math.ceil(kernel[i] / node.attrs.strides[i])),
      );
    }
    case "resizeBilinear":
      return each((axis, i) => enlarged(axis, outputSize[i] / inputSize[i], 2));
    case "resizeNearest":
      return each((axis, i) => enlarged(axis, outputSize[i] / inputSize[i], 1));
    case "pad":
    case "mirrorPad":
      return each((axis, i) => ({
        ...axis,
        start: axis.start - (node.attrs.paddings[where[i]]?.[0] ?? 0) * axis.stride,
      }));
    case "slice":
      return each((axis, i) => ({
        ...axis,
        start: axis.start + (node.attrs.begin[where[i]] ?? 0) * axis.stride,
      }));
    case "transpose": {
      const moved: Pair = [node.attrs.perm.indexOf(where[0]), node.attrs.perm.indexOf(where[1])];
      return { axes, where: moved };
    }
    case "concat":
      return where.includes(node.attrs.axis) ? everything : field;
    case "sum":
    case "mean":
    case "max":
    case "min":
      return node.attrs.axes.some((axis) => where.includes(axis)) || !node.attrs.keepDims
        ? everything
        : field;
    case "reshape":
    case "matMul":
    case "tile":
    case "opaque":
    case "maxPoolGrad":
    case "avgPoolGrad":
      return everything;
    default: {
      // elementwise; a map of one cell that is broadcast (squeeze and excitation) is seen by every cell
      const broadcasts = inputSize[0] < outputSize[0] || inputSize[1] < outputSize[1];
      return broadcasts || input.shape.length !== node.shape.length ? everything : field;
    }
  }
}

function kernelSize(node: GraphNode, shapeOf: (id: NodeId) => Shape): Pair {
  const kernel = shapeOf(node.inputs[1] ?? "");
  return [kernel[0] ?? 1, kernel[1] ?? 1];
}
