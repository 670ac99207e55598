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
  const { channels, data } = raster;
  if (raster.height === height && raster.width === width)
    return floats([height, width, channels], Float32Array.from(data));
  const out = new Float32Array(height * width * channels);
  const rows = taps(raster.height, height);
  const columns = taps(raster.width, width);
  let at = 0;
  for (const { low: y0, high: y1, weight: fy } of rows)
    for (const { low: x0, high: x1, weight: fx } of columns) {
      const topLeft = (y0 * raster.width + x0) * channels;
      const topRight = (y0 * raster.width + x1) * channels;
      const bottomLeft = (y1 * raster.width + x0) * channels;
      const bottomRight = (y1 * raster.width + x1) * channels;
      for (let k = 0; k < channels; k++) {
        const top = mix(data[topLeft + k] ?? 0, data[topRight + k] ?? 0, fx);
        const bottom = mix(data[bottomLeft + k] ?? 0, data[bottomRight + k] ?? 0, fx);
        out[at++] = mix(top, bottom, fy);
      }
    }
  return floats([height, width, channels], out);
}

interface Tap {
  readonly low: number;
  readonly high: number;
  /** Share of `high`, 0..1. */
  readonly weight: number;
}

/** For every output position: its two neighbours along one axis. */
function taps(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.min(from - 1, Math.floor(centre));
    return { low, high: Math.min(from - 1, low + 1), weight: centre - low };
  });
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
