import { ConvLensError } from "../../base/errors.ts";
import type { TensorData } from "../../base/tensor.ts";
import { readTensor } from "../tensors/stored.ts";
import { sizeOf } from "../../base/tensor.ts";
import { isCounter, type Fit } from "./fit.ts";
import type { Structure } from "./structure.ts";

/**
 * Whether the structure's own file holds the same numbers, every one: then its program is the network of these weights, and nothing about it
 * is assumed. Small tensors first: other weights differ in the first few.
 */
export function sameNumbers(structure: Structure, { tensors, solved, madeUp }: Fit): boolean {
  if (solved.length > 0) return false;
  const inOrder = [...tensors]
    .filter(([key]) => !isCounter(key))
    .sort(([, a], [, b]) => sizeOf(a.shape) - sizeOf(b.shape));
  return inOrder.every(([key, tensor]) => {
    const name = madeUp.get(key);
    const own = ownOf(structure, { key, ...(name !== undefined && { madeUp: name }) });
    if (!own) return false;
    const { data } = readTensor(tensor);
    return data.length === own.data.length && data.every((n, i) => Object.is(n, own.data[i]));
  });
}

/** Null where they cannot be read, too: a network needs none of its own where a file of weights has them all. */
function ownOf(structure: Structure, place: Parameters<Structure["own"]>[0]): TensorData | null {
  try {
    return structure.own(place);
  } catch (error) {
    if (error instanceof ConvLensError) return null;
    throw error;
  }
}
