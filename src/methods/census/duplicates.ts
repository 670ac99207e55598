import type { Kernel } from "../filters/index.ts";

/** Above this |cosine| two filters do the same. */
const SAME = 0.95;

/** Pairs of filters of a layer whose kernels point the same (or the opposite) way, strongest first. */
export function nearDuplicates(
  { shape, data }: Kernel,
  least = SAME,
): { a: number; b: number; cosine: number }[] {
  const filters = shape[3];
  const size = data.length / filters;
  const unit = Array.from({ length: filters }, (_, filter) => {
    const own = Float32Array.from({ length: size }, (_value, i) => data[i * filters + filter] ?? 0);
    const norm = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    return norm === 0 ? null : own.map((value) => value / norm);
  });
  const pairs: { a: number; b: number; cosine: number }[] = [];
  unit.forEach((first, a) => {
    for (let b = a + 1; b < filters; b++) {
      const second = unit[b];
      if (!first || !second) continue;
      const cosine = first.reduce((sum, value, i) => sum + value * (second[i] ?? 0), 0);
      if (Math.abs(cosine) > least) pairs.push({ a, b, cosine });
    }
  });
  return pairs.sort((x, y) => Math.abs(y.cosine) - Math.abs(x.cosine));
}
