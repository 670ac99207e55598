import { axes } from "../../../base/axes.ts";
import type { Control } from "../../../shared/control.ts";
import { breathe } from "../../../base/errors.ts";
import type { FloatTensor } from "../../../base/tensor.ts";

const MOST_ITERATIONS = 2000;
/** Products between two looks at whether the work is still wanted: some ten milliseconds. */
const PRODUCTS = 1e7;

/**
 * EigenCAM (Muhammad, Yeasin 2020): the maps of a layer projected on their first principal component; no class is involved.
 * `value` is [1, h, w, channels]; the result [h * w]. The sign, which SVD leaves open, is the one that agrees with the sum
 * of the maps, so that strongly active places are positive.
 */
export async function eigenCam(
  { shape, data }: FloatTensor,
  control: Control,
): Promise<Float32Array> {
  const [, height, width, channels] = axes(shape, 4);
  const cells = height * width;
  const centred = centre(data.subarray(0, cells * channels), cells, channels);
  // the smaller Gram matrix has the same first singular vector
  const scores =
    cells <= channels
      ? await fromCells(centred, cells, channels, control)
      : await fromChannels(centred, cells, channels, control);
  let agreement = 0;
  for (let cell = 0; cell < cells; cell++) {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += data[cell * channels + k] ?? 0;
    agreement += sum * (scores[cell] ?? 0);
  }
  const sign = agreement < 0 ? -1 : 1;
  return Float32Array.from(scores, (score) => sign * score);
}

function centre(data: Float32Array, cells: number, channels: number): Float64Array {
  const means = new Float64Array(channels);
  data.forEach((value, i) => {
    means[i % channels] = (means[i % channels] ?? 0) + value / cells;
  });
  return Float64Array.from(data, (value, i) => value - (means[i % channels] ?? 0));
}

/** X X' u = s^2 u; the projection is s u. */
async function fromCells(
  x: Float64Array,
  cells: number,
  channels: number,
  control: Control,
): Promise<Float64Array> {
  const gram = new Float64Array(cells * cells);
  await eachRow(cells, cells * channels, control, (i) => {
    for (let j = i; j < cells; j++) {
      let sum = 0;
      for (let k = 0; k < channels; k++)
        sum += (x[i * channels + k] ?? 0) * (x[j * channels + k] ?? 0);
      gram[i * cells + j] = gram[j * cells + i] = sum;
    }
  });
  const { vector, value } = dominant(gram, cells);
  return vector.map((u) => u * Math.sqrt(value));
}

/** X' X v = s^2 v; the projection is X v. */
async function fromChannels(
  x: Float64Array,
  cells: number,
  channels: number,
  control: Control,
): Promise<Float64Array> {
  const gram = new Float64Array(channels * channels);
  await eachRow(cells, channels * channels, control, (cell) => {
    for (let i = 0; i < channels; i++) {
      const value = x[cell * channels + i] ?? 0;
      if (value === 0) continue;
      for (let j = 0; j < channels; j++)
        gram[i * channels + j] =
          (gram[i * channels + j] ?? 0) + value * (x[cell * channels + j] ?? 0);
    }
  });
  const { vector } = dominant(gram, channels);
  return Float64Array.from({ length: cells }, (_, cell) => {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += (x[cell * channels + k] ?? 0) * (vector[k] ?? 0);
    return sum;
  });
}

/** Calls `step` for each row, with a look at the control every few of them. */
async function eachRow(
  rows: number,
  products: number,
  control: Control,
  step: (row: number) => void,
): Promise<void> {
  const some = Math.max(1, Math.floor(PRODUCTS / products));
  for (let row = 0; row < rows; row++) {
    step(row);
    if (row % some !== some - 1) continue;
    control.progress({ fraction: row / rows });
    await breathe(control.signal);
  }
}

/** Power iteration on a symmetric positive semi-definite matrix. */
function dominant(matrix: Float64Array, size: number): { vector: Float64Array; value: number } {
  // a start without symmetry of its own, the same every time
  let vector = Float64Array.from({ length: size }, (_, i) => 1 + Math.sin(i + 1));
  let value = 0;
  for (let step = 0; step < MOST_ITERATIONS; step++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += (matrix[i * size + j] ?? 0) * (vector[j] ?? 0);
      next[i] = sum;
    }
    const length = Math.hypot(...next);
    if (length === 0) return { vector: next, value: 0 };
    let change = 0;
    for (let i = 0; i < size; i++) {
      next[i] = (next[i] ?? 0) / length;
      change = Math.max(change, Math.abs((next[i] ?? 0) - (vector[i] ?? 0)));
    }
    vector = next;
    value = length;
    if (change < 1e-12) break;
  }
  return { vector, value };
}
