import type { Layer, TensorSpec } from "../../graph/index.ts";

/** What was read from a file, whatever else there is to it. */
interface Attempt {
  readonly layers: readonly Pick<Layer, "opaque">[];
  readonly outputs: readonly Pick<TensorSpec, "shape">[];
}

const opaqueIn = ({ layers }: Attempt): number =>
  layers.filter(({ opaque }) => opaque !== null).length;

/**
 * Exporters fix the batch that they saw, although hardly a network depends on it: a file is taken as read with a free batch where
 * everything can be run so and every output has a row for each picture, else as it is written (`fixed`), where that is any better.
 */
export function preferFreeBatch<A extends Attempt>(free: A, fixed: () => A): A {
  const whole = free.outputs.every(({ shape }) => shape[0] === null);
  if (whole && opaqueIn(free) === 0) return free;
  const second = fixed();
  const better = opaqueIn(second) - opaqueIn(free);
  return better > 0 || (better === 0 && whole) ? free : second;
}

/** What the user is told of a graph whose batch is fixed by the file. */
export const fixedBatchNote = (batch: number): string =>
  `The network is written for a batch of ${batch}; more pictures than that are run one batch after the other.`;
