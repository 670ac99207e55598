/**
 * Bilinear upsampling with half-pixel centres and clamped edges (torch `align_corners=False`, `tf.image.resize`), so that
 * no value leaves the range of the map. [h, w] -> [height, width], row-major.
 */
export function upsample(
  map: Float32Array,
  [h, w]: readonly [number, number],
  [height, width]: readonly [number, number],
): Float32Array {
  const columns = taps(w, width);
  const rows = taps(h, height);
  const out = new Float32Array(height * width);
  rows.forEach((row, y) => {
    const above = row.low * w;
    const below = row.high * w;
    columns.forEach(({ low, high, weight }, x) => {
      const top = (map[above + low] ?? 0) * (1 - weight) + (map[above + high] ?? 0) * weight;
      const bottom = (map[below + low] ?? 0) * (1 - weight) + (map[below + high] ?? 0) * weight;
      out[y * width + x] = top * (1 - row.weight) + bottom * row.weight;
    });
  });
  return out;
}

function taps(from: number, to: number): { low: number; high: number; weight: number }[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.min(from - 1, Math.floor(centre));
    return { low, high: Math.min(from - 1, low + 1), weight: centre - low };
  });
}
