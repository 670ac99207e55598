/** as_strided reads memory, of which a graph knows nothing. What exporters write with it is the tensor itself, or a reshape. */
import { at } from "../../../base/at.ts";
import { sizeOf } from "../../../base/tensor.ts";
import { range, reshape } from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Lower, Table } from "./table.ts";

/** Sizes of axes, and steps along them in memory. */
interface Memory {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/** The axes from the slowest in memory to the fastest. Steps along axes of length 1 mean nothing. */
function orderOf({ sizes, strides }: Memory): number[] {
  const step = (axis: number): number => (sizes[axis] === 1 ? Infinity : at(strides, axis));
  return range(sizes.length).sort((a, b) => (step(a) === step(b) ? a - b : step(b) - step(a)));
}
/** Whether its cells follow each other without a gap when its axes lie in this order. */
const fills = ({ sizes, strides }: Memory, order: readonly number[]): boolean =>
  order.every((axis, i) => {
    const inner = order.slice(i + 1).map((later) => at(sizes, later));
    return sizes[axis] === 1 || strides[axis] === sizeOf(inner);
  });
const inOrder = (memory: Memory): boolean => fills(memory, range(memory.sizes.length));

/** Throws `Unsupported` for parts, windows that overlap and other orders of axes. */
const strided: Lower = (call) => {
  const x = call.value("self");
  const { offset, ...from } = call.memory("self");
  const to = {
    sizes: call.fixed(call.numbers("size") ?? []),
    strides: call.fixed(call.numbers("stride") ?? []),
  };
  const own = call.fixed(x.shape);
  const order = orderOf(from);
  const whole = fills(from, order) && call.number("storage_offset", offset) === offset;
  if (whole && own.join() === to.sizes.join() && fills(to, order)) return x;
  if (whole && sizeOf(own) === sizeOf(to.sizes) && inOrder(from) && inOrder(to))
    return reshape(call.l, x, call.sizes("size", x.shape));
  throw new Unsupported("it reads the memory of its input in an order of its own");
};

/** `as_strided` where it is its input or a reshape of it; elsewhere it throws `Unsupported`. */
export const stridings: Table = { as_strided: strided };
