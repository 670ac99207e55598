/** Random transformations as one linear map of pixels with its transpose, so that robust pictures can be optimised through them. */
import type { Random } from "../random.ts";

/** For each output pixel: four source pixels and their weights; a source of -1 lies outside and shows gray. */
export interface Warp {
  readonly height: number;
  readonly width: number;
  readonly sources: Int32Array;
  readonly weights: Float32Array;
}

/** How far transformations go at 224 pixels; for smaller inputs less, in proportion. */
export interface WarpAmounts {
  /** Pixels added around, which show gray. */
  readonly pad: number;
  /** Largest shifts before scaling and after rotating, in pixels. */
  readonly jitter: number;
  readonly lateJitter: number;
  readonly scales: readonly number[];
  readonly degrees: readonly number[];
}

/** Lucid's defaults; the rotation is left out (0) as often as five of its 26 choices say. */
export const LUCID: WarpAmounts = {
  pad: 12,
  jitter: 8,
  lateJitter: 4,
  scales: Array.from({ length: 11 }, (_, i) => 1 + (i - 5) / 50),
  degrees: [...Array.from({ length: 21 }, (_, i) => i - 10), 0, 0, 0, 0, 0],
};

/** Pad, jitter, scale, rotate and jitter, then back to the network's size: drawn anew each step. */
export function randomWarp(
  height: number,
  width: number,
  random: Random,
  amounts: WarpAmounts,
): Warp {
  const pick = (values: readonly number[]): number => values[random.integer(values.length)] ?? 0;
  // small inputs are shifted and padded in proportion, so that most of the picture stays in view
  const share = Math.min(1, Math.min(height, width) / 224);
  const shift = (most: number): number => (random.uniform() - 0.5) * most * share;
  const [scale, angle] = [pick(amounts.scales), (pick(amounts.degrees) * Math.PI) / 180];
  const [early, late] = [
    [shift(amounts.jitter), shift(amounts.jitter)],
    [shift(amounts.lateJitter), shift(amounts.lateJitter)],
  ];
  const margin = (2 * amounts.pad - amounts.jitter) * share;
  const step = (size: number): number =>
    ((size + margin) * scale - amounts.lateJitter * share) / scale / size;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [sy, sx] = [step(height), step(width)];
  const sources = new Int32Array(height * width * 4);
  const weights = new Float32Array(height * width * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const dy = (y - (height - 1) / 2) * sy + (late[0] ?? 0);
      const dx = (x - (width - 1) / 2) * sx + (late[1] ?? 0);
      const fromY = cos * dy - sin * dx + (height - 1) / 2 + (early[0] ?? 0);
      const fromX = sin * dy + cos * dx + (width - 1) / 2 + (early[1] ?? 0);
      const [top, left] = [Math.floor(fromY), Math.floor(fromX)];
      const [fy, fx] = [fromY - top, fromX - left];
      const at = (y * width + x) * 4;
      for (const [i, oy, ox] of [
        [0, 0, 0],
        [1, 0, 1],
        [2, 1, 0],
        [3, 1, 1],
      ] as const) {
        const [row, column] = [top + oy, left + ox];
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        sources[at + i] = inside ? row * width + column : -1;
        weights[at + i] = (oy === 1 ? fy : 1 - fy) * (ox === 1 ? fx : 1 - fx);
      }
    }
  return { height, width, sources, weights };
}

/** One picture [H, W, C] through the warp; outside lies `outside`. */
export function applyWarp(
  warp: Warp,
  from: Float32Array,
  to: Float32Array,
  offset: number,
  channels: number,
  outside: number,
): void {
  for (let pixel = 0; pixel < warp.height * warp.width; pixel++)
    for (let k = 0; k < channels; k++) {
      let sum = 0;
      for (let i = pixel * 4; i < pixel * 4 + 4; i++) {
        const source = warp.sources[i] ?? -1;
        const value = source < 0 ? outside : (from[offset + source * channels + k] ?? 0);
        sum += (warp.weights[i] ?? 0) * value;
      }
      to[offset + pixel * channels + k] = sum;
    }
}

/** The transpose: gradients of the warped picture, added up at the pixels they came from. */
export function transposeWarp(
  warp: Warp,
  gradient: Float32Array,
  to: Float32Array,
  offset: number,
  channels: number,
): void {
  for (let pixel = 0; pixel < warp.height * warp.width; pixel++)
    for (let i = pixel * 4; i < pixel * 4 + 4; i++) {
      const source = warp.sources[i] ?? -1;
      if (source < 0) continue;
      const weight = warp.weights[i] ?? 0;
      for (let k = 0; k < channels; k++) {
        const at = offset + source * channels + k;
        to[at] = (to[at] ?? 0) + weight * (gradient[offset + pixel * channels + k] ?? 0);
      }
    }
}
