/**
 * Bilinear upsampling with half-pixel centres and clamped edges (torch `align_corners=False`, `tf.image.resize`), so that
 * no value leaves the range of the map. [h, w] -> [height, width], row-major. Rows are made wide first, each once. Of a volume, whose
 * `slices` stand one below another, trilinear.
 */
export function upsample(
  map: Float32Array,
  [h, w]: readonly [number, number],
  [height, width]: readonly [number, number],
  slices: Slices | null = null,
): Float32Array {
  if (slices) return upsampleVolume(map, [h, w], [height, width], slices);
  const columns = taps(w, width);
  const rows = taps(h, height);
  const wide = new Float64Array(h * width);
  for (let y = 0, at = 0; y < h; y++)
    for (let x = 0; x < width; x++) {
      const weight = columns.weight[x] ?? 0;
      const left = map[y * w + (columns.low[x] ?? 0)] ?? 0;
      const right = map[y * w + (columns.high[x] ?? 0)] ?? 0;
      wide[at++] = left * (1 - weight) + right * weight;
    }
  const out = new Float32Array(height * width);
  for (let y = 0, at = 0; y < height; y++) {
    const weight = rows.weight[y] ?? 0;
    let above = (rows.low[y] ?? 0) * width;
    let below = (rows.high[y] ?? 0) * width;
    for (let x = 0; x < width; x++)
      out[at++] = (wide[above++] ?? 0) * (1 - weight) + (wide[below++] ?? 0) * weight;
  }
  return out;
}

/** How many slices of a volume a map has, and how many the picture that it lies over. */
export type Slices = readonly [map: number, picture: number];

/** Within each slice, then from slice to slice. */
function upsampleVolume(
  map: Float32Array,
  [h, w]: readonly [number, number],
  [height, width]: readonly [number, number],
  [from, to]: Slices,
): Float32Array {
  const [own, size] = [[h / from, w] as const, [height / to, width] as const];
  const [before, after] = [own[0] * w, size[0] * width];
  const wide = new Float32Array(from * after);
  for (let i = 0; i < from; i++)
    wide.set(upsample(map.subarray(i * before, (i + 1) * before), own, size), i * after);
  return upsample(wide, [from, after], [to, after]);
}

/** Where each of `to` cells lies among `from`: between two of them, nearer to the higher one by `weight`. */
function taps(
  from: number,
  to: number,
): { readonly low: Int32Array; readonly high: Int32Array; readonly weight: Float64Array } {
  const [low, high, weight] = [new Int32Array(to), new Int32Array(to), new Float64Array(to)];
  for (let i = 0; i < to; i++) {
    const centre = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const nearest = Math.min(from - 1, Math.floor(centre));
    low[i] = nearest;
    high[i] = Math.min(from - 1, nearest + 1);
    weight[i] = centre - nearest;
  }
  return { low, high, weight };
}
