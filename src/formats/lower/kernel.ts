import type { KernelLayout } from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import type { Arrangement } from "./value.ts";

/** How the graph keeps a kernel: what is done to it when it is read, and what its axes then are. */
export interface KeptKernel {
  readonly arrangement: Arrangement;
  readonly layout: KernelLayout;
}

/**
 * A kernel [F, C / groups, ...taps] of a convolution (transposed: [C, F / groups, ...taps]), with one tap axis or two; a
 * sequence is one row. Where each channel has filters of its own it is that of a depthwise convolution.
 */
export function keptKernel(
  shape: readonly number[],
  groups: number,
  transposed: boolean,
): KeptKernel {
  const [first, each] = [at(shape, 0), at(shape, 1)];
  const window = shape.length === 3 ? [1, at(shape, 2)] : [at(shape, 2), at(shape, 3)];
  if (groups > 1 && each === 1 && first % groups === 0)
    return {
      arrangement: { shape: [groups, first / groups, ...window], perm: [2, 3, 0, 1] },
      layout: "hwcm",
    };
  const arrangement = { shape: [first, each, ...window], perm: [2, 3, 1, 0] };
  return { arrangement, layout: transposed ? "hwoi" : "hwio" };
}
