/** Single whole numbers that are fed beside the data and choose a branch, as a rate of samples does. */
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import type { OnnxGraph, ValueInfo } from "./proto.ts";
import type { StoredTensor } from "./tensor.ts";

const WHOLE = [6, 7];

/** The number that a network compares this input with before it chooses; null where it is no such setting. */
export function comparedWith(
  { name, type, shape }: ValueInfo,
  { nodes, initializers }: OnnxGraph,
  read: (tensor: StoredTensor) => TensorData,
): number | null {
  if (!WHOLE.includes(type) || !shape?.every((size) => size === 1)) return null;
  if (!nodes.some(({ op }) => op === "If")) return null;
  const constants = new Map(initializers.map((tensor) => [tensor.name, tensor]));
  const reached = new Set([name]);
  for (const { op, inputs, outputs, attributes } of nodes) {
    const tensor = attributes.get("value")?.tensor;
    const [made] = outputs;
    if (op === "Constant" && tensor && made !== undefined) constants.set(made, tensor);
    if (!inputs.some((input) => reached.has(input))) continue;
    const other = constants.get(inputs.find((input) => !reached.has(input)) ?? "");
    if (op === "Equal" && other && sizeOf(other.shape) === 1) return read(other).data[0] ?? null;
    if (["Cast", "Identity", "Reshape", "Squeeze", "Gather", "Unsqueeze"].includes(op))
      for (const output of outputs) reached.add(output);
  }
  return null;
}
