import { at } from "../../base/at.ts";
import type { FloatTensor } from "../../base/tensor.ts";

/** What a layer's channels do on one picture; numbers are [channels]. */
export interface MapStatistics {
  /** Channels of an activation that are nowhere above 0 on this one picture: they never fire. */
  readonly dead: readonly number[];
  /** Channels with one value everywhere. A dead map of zeros is dead, not constant. */
  readonly constant: readonly number[];
  readonly means: Float32Array;
  /** How much each varies over the picture: the standard deviation of its cells; of a 1 x 1 map 0. */
  readonly deviations: Float32Array;
  /** Fraction of exact zeros per channel, 0..1. */
  readonly zeroFraction: Float32Array;
}

/**
 * Per channel of maps [h, w, channels]. Only what comes out of an activation function (`activated`) can be dead. A 1 x 1 map is
 * never called constant.
 */
export function mapStatistics({ shape, data }: FloatTensor, activated: boolean): MapStatistics {
  const depth = shape[2] ?? 1;
  const cells = data.length / depth;
  const sums = new Float64Array(depth);
  const squares = new Float64Array(depth);
  const zeros = new Float64Array(depth);
  const min = new Float32Array(depth).fill(Infinity);
  const max = new Float32Array(depth).fill(-Infinity);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    const channel = i % depth;
    sums[channel] = (sums[channel] ?? 0) + value;
    squares[channel] = (squares[channel] ?? 0) + value * value;
    if (value === 0) zeros[channel] = (zeros[channel] ?? 0) + 1;
    if (value < (min[channel] ?? 0)) min[channel] = value;
    if (value > (max[channel] ?? 0)) max[channel] = value;
  }
  const channels = [...Array(depth).keys()];
  const dead = activated ? channels.filter((c) => (max[c] ?? 0) <= 0) : [];
  const isDead = new Set(dead);
  return {
    dead,
    constant: channels.filter((c) => cells > 1 && min[c] === max[c] && !isDead.has(c)),
    means: Float32Array.from(sums, (sum) => sum / cells),
    deviations: Float32Array.from(channels, (c) => {
      const mean = at(sums, c) / cells;
      // of a constant map rounding may leave less than nothing
      return min[c] === max[c] ? 0 : Math.sqrt(Math.max(0, at(squares, c) / cells - mean * mean));
    }),
    zeroFraction: Float32Array.from(zeros, (count) => count / cells),
  };
}
