/** How alike two maps of one size are. */
import { filled } from "../../base/tensor.ts";

/** Spearman's rank correlation, ties sharing their mean rank, -1..1; 0 where a map is constant. */
export function rankCorrelation(a: Float32Array, b: Float32Array): number {
  return correlation(ranks(a), ranks(b));
}

function ranks(values: Float32Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0));
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i < to; i++) out[order[i] ?? 0] = (from + to - 1) / 2;
    from = to;
  }
  return out;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (a.length - 1) / 2;
  let [products, squaresA, squaresB] = [0, 0, 0];
  a.forEach((value, i) => {
    const [x, y] = [value - mean, (b[i] ?? 0) - mean];
    products += x * y;
    squaresA += x * x;
    squaresB += y * y;
  });
  return squaresA === 0 || squaresB === 0 ? 0 : products / Math.sqrt(squaresA * squaresB);
}

const WINDOW = 7;
const [C1, C2] = [0.01 ** 2, 0.03 ** 2];

/**
 * Structural similarity (Wang et al. 2004) of two maps [height, width], each divided by its largest value: the mean over all
 * windows of 7 x 7 with equal weights, -1..1. As scikit-image's with `use_sample_covariance=False, data_range=1`, without its border.
 */
export function ssim(
  a: Float32Array,
  b: Float32Array,
  [height, width]: readonly [number, number],
): number {
  const side = Math.min(WINDOW, height, width);
  const [x, y] = [scaled(a), scaled(b)];
  const sums = [
    (i: number): number => x[i] ?? 0,
    (i: number): number => y[i] ?? 0,
    (i: number): number => (x[i] ?? 0) ** 2,
    (i: number): number => (y[i] ?? 0) ** 2,
    (i: number): number => (x[i] ?? 0) * (y[i] ?? 0),
  ].map((value) => windowSums(value, height, width, side));
  const cells = side * side;
  let total = 0;
  const count = (height - side + 1) * (width - side + 1);
  for (let i = 0; i < count; i++) {
    const [mx = 0, my = 0, xx = 0, yy = 0, xy = 0] = sums.map((sum) => (sum[i] ?? 0) / cells);
    const [vx, vy, covariance] = [xx - mx * mx, yy - my * my, xy - mx * my];
    total +=
      ((2 * mx * my + C1) * (2 * covariance + C2)) / ((mx * mx + my * my + C1) * (vx + vy + C2));
  }
  return total / count;
}

function scaled(map: Float32Array): Float64Array {
  const largest = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return filled(new Float64Array(map.length), (i) => (largest > 0 ? (map[i] ?? 0) / largest : 0));
}

/** Sums over every window that lies inside, by an integral image. */
function windowSums(
  value: (at: number) => number,
  height: number,
  width: number,
  side: number,
): Float64Array {
  const across = width + 1;
  const integral = new Float64Array((height + 1) * across);
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += value(y * width + x);
      integral[(y + 1) * across + x + 1] = (integral[y * across + x + 1] ?? 0) + row;
    }
  }
  const [tall, wide] = [height - side + 1, width - side + 1];
  const at = (y: number, x: number): number => integral[y * across + x] ?? 0;
  return filled(new Float64Array(tall * wide), (i) => {
    const [y, x] = [Math.floor(i / wide), i % wide];
    return at(y + side, x + side) - at(y, x + side) - at(y + side, x) + at(y, x);
  });
}
