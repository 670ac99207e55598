import { at } from "../../base/at.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";

/** Pixels of any numeric kind, [height, width, channels] row-major. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/**
 * Bilinear resizing with half-pixel centres, edges repeated and no antialiasing (TensorFlow's `tf.image.resize` as it is by
 * default, PyTorch's `interpolate` with `align_corners=False`). Returns [height, width, channels].
 */
export function resizeBilinear(
  raster: Raster,
  [height, width]: readonly [number, number],
): FloatTensor {
  if (raster.height === height && raster.width === width)
    return floats([height, width, raster.channels], Float32Array.from(raster.data));
  return mixed(raster, taps(raster.height, height), taps(raster.width, width));
}

/** What mixes neighbours: [rows, columns, channels]. */
export function mixed(raster: Raster, rows: readonly Tap[], columns: readonly Tap[]): FloatTensor {
  const { channels, data } = raster;
  const out = new Float32Array(rows.length * columns.length * channels);
  let place = 0;
  for (const { low: y0, high: y1, weight: fy } of rows)
    for (const { low: x0, high: x1, weight: fx } of columns) {
      const topLeft = (y0 * raster.width + x0) * channels;
      const topRight = (y0 * raster.width + x1) * channels;
      const bottomLeft = (y1 * raster.width + x0) * channels;
      const bottomRight = (y1 * raster.width + x1) * channels;
      for (let k = 0; k < channels; k++) {
        const top = mix(data[topLeft + k] ?? 0, data[topRight + k] ?? 0, fx);
        const bottom = mix(data[bottomLeft + k] ?? 0, data[bottomRight + k] ?? 0, fx);
        out[place++] = mix(top, bottom, fy);
      }
    }
  return floats([rows.length, columns.length, channels], out);
}

/** Two neighbours along one axis that make a position of the result. */
export interface Tap {
  readonly low: number;
  readonly high: number;
  /** Share of `high`, 0..1. */
  readonly weight: number;
}

/** For every output position: its two neighbours along one axis. */
export function taps(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.min(from - 1, Math.floor(centre));
    return { low, high: Math.min(from - 1, low + 1), weight: centre - low };
  });
}

/** The positions that taps use, in rising order, and the taps as places among them. */
export function used(all: readonly Tap[]): {
  readonly positions: Int32Array;
  readonly taps: Tap[];
} {
  const positions = Int32Array.from(new Set(all.flatMap(({ low, high }) => [low, high]))).sort();
  const places = new Map(Array.from(positions, (position, i) => [position, i]));
  const place = (position: number): number => places.get(position) ?? at(positions, -1);
  return {
    positions,
    taps: all.map(({ low, high, weight }) => ({ low: place(low), high: place(high), weight })),
  };
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
