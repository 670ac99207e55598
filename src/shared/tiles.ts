import type { Tiles } from "./contract/lenses.ts";
import { filled } from "../base/tensor.ts";

/** How values become 8-bit pixels. `signed` puts zero at 128 and needs the largest magnitude. */
export type PixelScale =
  | { readonly kind: "range"; readonly min: number; readonly max: number }
  | { readonly kind: "signed"; readonly magnitude: number };

/** 0..255; a range without extent is drawn mid-gray, so that a constant tile does not look dead or saturated. */
export function toByte(value: number, scale: PixelScale): number {
  const unit =
    scale.kind === "signed"
      ? scale.magnitude === 0
        ? 128 / 255
        : (128 + (127 * value) / scale.magnitude) / 255
      : scale.max === scale.min
        ? 128 / 255
        : (value - scale.min) / (scale.max - scale.min);
  return Math.max(0, Math.min(255, Math.round(unit * 255)));
}

/** `total` tiles as numbers, asked for one by one; 3 channels are RGB. */
export interface TileSource {
  readonly total: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  value(tile: number, y: number, x: number, channel: number): number;
}

/** Draws tiles `first` .. `first + count` of a source; `scaleOf` gets a tile's own range. */
export function drawTiles(
  source: TileSource,
  first: number,
  count: number,
  scaleOf: (range: { min: number; max: number }) => PixelScale,
): Tiles {
  const { total, width, height, channels } = source;
  const start = Math.max(0, Math.min(first, total));
  const drawn = Math.max(0, Math.min(count, total - start));
  const area = width * height * channels;
  const pixels = new Uint8Array(drawn * area);
  const ranges = new Float32Array(drawn * 2);
  const values = new Float32Array(area);
  for (let tile = 0; tile < drawn; tile++) {
    let [min, max, at] = [Infinity, -Infinity, 0];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let channel = 0; channel < channels; channel++) {
          const value = source.value(start + tile, y, x, channel);
          values[at++] = value;
          min = Math.min(min, value);
          max = Math.max(max, value);
        }
    ranges.set([min, max], tile * 2);
    const scale = scaleOf({ min, max });
    for (let i = 0; i < area; i++) pixels[tile * area + i] = toByte(values[i] ?? 0, scale);
  }
  return { count: drawn, first: start, total, width, height, channels, pixels, ranges };
}

/** Every value as a byte; what `byte` gives is rounded and lies in 0..255. */
export const toBytes = (values: Float32Array, byte: (value: number) => number): Uint8Array =>
  filled(new Uint8Array(values.length), (i) => Math.round(byte(values[i] ?? 0)));

/** Smallest and largest number; NaN is passed over. */
export function rangeOf(values: Float32Array): { min: number; max: number } {
  let [min, max] = [Infinity, -Infinity];
  // by index: several times as fast as for..of
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
