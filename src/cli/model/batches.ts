import type { Fed } from "../../session/index.ts";
import { throwIfAborted } from "../../base/errors.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import type { Call } from "../command.ts";
import { slice, type Given } from "../arguments/inputs.ts";
import { wholeNumber } from "../arguments/values.ts";

/** Runs what is given, `--batch` pictures at a time; returns what each part gave. */
export async function inBatches<T>(
  { inputs, count }: Given,
  { args, signal, say }: Call,
  run: (fed: Fed, first: number) => Promise<T>,
): Promise<T[]> {
  const size = wholeNumber(args, "batch", { fallback: 16, least: 1 });
  const parts: T[] = [];
  for (let from = 0; from < count; from += size) {
    throwIfAborted(signal);
    const to = Math.min(count, from + size);
    if (count > size) say(`pictures ${from + 1} to ${to} of ${count}`);
    parts.push(
      await run({ key: `pictures ${from} to ${to}`, inputs: slice(inputs, from, to) }, from),
    );
  }
  return parts;
}

/** Result `index` of every part, joined along the batch axis. */
export function concat(parts: readonly (readonly FloatTensor[])[], index: number): FloatTensor {
  return join(parts.flatMap((part) => part[index] ?? []));
}

function join(tensors: readonly FloatTensor[]): FloatTensor {
  const [first, ...others] = tensors;
  if (!first) throw new RangeError("nothing to join");
  if (others.length === 0) return first;
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0));
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += tensor.data.length;
  }
  const count = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return floats([count, ...first.shape.slice(1)], data);
}

/** Puts tensors of one shape under each other: [n, ...shape]; one tensor stays as it is. */
export function stack(tensors: readonly FloatTensor[]): FloatTensor {
  const [first] = tensors;
  if (tensors.length === 1 && first) return first;
  return join(tensors.map(({ shape, data }) => floats([1, ...shape], data)));
}

/** Without the batch axis where there is one picture. */
export const withoutBatch = ({ shape, data }: FloatTensor): FloatTensor =>
  shape[0] === 1 ? floats(shape.slice(1), data) : floats(shape, data);
