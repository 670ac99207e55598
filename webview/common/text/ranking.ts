import { at } from "../../../src/base/at.ts";

/** 0..count-1 in the order of `keys`, largest first; ties keep their order. */
export function byLargest(keys: ArrayLike<number>, count = keys.length): number[] {
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => at(keys, b) - at(keys, a));
}

/** What one input channel adds to a dot product. */
export interface ChannelShare {
  readonly channel: number;
  /** Sum of the channel's products. */
  readonly sum: number;
}

/**
 * The input channels that make most of a dot product, by the size of their sum, and what all others add.
 * `products` is [h, w, in], row-major; `area` = h * w.
 */
export function topChannels(
  products: Float32Array,
  area: number,
  channels: number,
  limit: number,
): { readonly top: readonly ChannelShare[]; readonly others: number; readonly rest: number } {
  const sums = Float64Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let cell = 0; cell < area; cell++) sum += at(products, cell * channels + channel);
    return sum;
  });
  const order = byLargest(sums.map(Math.abs)).slice(0, limit);
  const top = order.map((channel) => ({ channel, sum: at(sums, channel) }));
  const total = sums.reduce((sum, value) => sum + value, 0);
  const shown = top.reduce((sum, share) => sum + share.sum, 0);
  return { top, others: channels - top.length, rest: channels > top.length ? total - shown : 0 };
}

/** One channel of [h, w, channels] values. */
export function channelOf(
  values: Float32Array,
  channels: number,
  channel: number,
): Float32Array<ArrayBuffer> {
  return values.filter((_, i) => i % channels === channel);
}

/** The sum of squares of each channel of [h, w, channels] values. */
export function energies(values: Float32Array, channels: number): Float64Array {
  return Float64Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = channel; i < values.length; i += channels) sum += at(values, i) ** 2;
    return sum;
  });
}

/** The largest absolute value: the scale of a signed picture; 1 where all is zero. */
export function signedScale(values: Float32Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}

/** Whether two numbers agree as closely as float32 arithmetic in another order allows. */
export function agrees(a: number, b: number, relative = 1e-4): boolean {
  return Math.abs(a - b) <= relative * Math.max(1e-3, Math.abs(a), Math.abs(b));
}
