/** Inputs and outputs of the model as tensors of the graph. */
import type { Layer, TensorSpec } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import type { ReadOptions } from "../format.ts";
import { concreteShape, freeSize } from "../input-size.ts";
import { BATCH, channelsLast, fileShapeOf, type Network, type Tensor } from "../lower/index.ts";
import type { SignatureTensor } from "./types.ts";

/** An input of the network; pictures with channels first are fed channels last. What was assumed is noted. `batch` null: free. */
export function inputTensor(
  { name, shape }: SignatureTensor,
  network: Network,
  { inputSize, batch }: Pick<ReadOptions, "inputSize"> & { readonly batch: number | null },
  notes: Set<string>,
): { readonly value: Tensor; readonly spec: TensorSpec } {
  const free = shape ?? [null, null, null, null];
  const [own, ...rest] = concreteShape(free, inputSize, name, notes);
  const fileShape = own === undefined ? [] : [own ?? batch, ...rest];
  const rank = fileShape.length;
  const order = isChannelsFirst(fileShape) ? channelsLast(rank) : fileShape.map((_, axis) => axis);
  const whole = order.map((axis) => fileShape[axis] ?? null);
  const node = network.builder.input(name, whole);
  const value: Tensor = {
    kind: "tensor",
    node,
    shape: fileShape.map((size) => size ?? BATCH),
    order,
  };
  return { value, spec: { ...specOf(name, value, network), ...freeSize(free) } };
}
/** [N, 3, H, W]: pictures have 1, 3 or 4 channels. */
const isChannelsFirst = (shape: Shape): boolean =>
  shape.length === 4 && [1, 3, 4].includes(shape[1] ?? 0) && (shape[3] ?? 0) > 4;

/** What is told of an input or output. */
export function specOf(name: string, value: Tensor, { builder }: Network): TensorSpec {
  const { shape, dtype } = builder.get(value.node);
  return { name, node: value.node, shape, dtype, ...fileShapeOf(value) };
}

/** An input as a layer. */
export const inputLayer = ({ name, node, fileShape }: TensorSpec): Layer => ({
  name,
  className: "Placeholder",
  nodes: [node],
  output: node,
  preActivation: null,
  inputs: [],
  weights: [],
  opaque: null,
  ...(fileShape && { fileShape }),
});
