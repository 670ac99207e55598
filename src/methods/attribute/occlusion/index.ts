import { axes } from "../../../base/axes.ts";
import { filled } from "../../../base/tensor.ts";
import { scoreMasks } from "../masks.ts";
import type { Attribution, AttributionMethodFunction, AttributionRequest } from "../types.ts";

/** A window of this share of the picture moves by half its size. */
const SHARE = 1 / 7;

/**
 * Occlusion (Zeiler, Fergus 2014): how much the logit falls when a window shows the baseline; overlapping windows are
 * averaged. `steps` is the window's side in pixels. [H, W, 1]
 */
export const occlusion: AttributionMethodFunction = (request) => {
  const [, height, width] = axes(request.input.shape, 4);
  const side = request.steps ?? Math.max(1, Math.round(Math.min(height, width) * SHARE));
  return occludedBy(request, side, Math.max(1, Math.floor(side / 2)));
};

/** Occlusion by windows of `side` pixels that move by `stride`. */
export async function occludedBy(
  request: AttributionRequest,
  side: number,
  stride: number,
): Promise<Attribution> {
  const [, height, width] = axes(request.input.shape, 4);
  const starts = (size: number): number[] => {
    const list: number[] = [];
    for (let at = 0; at === 0 || at + side - stride < size; at += stride) list.push(at);
    return list;
  };
  const windows = starts(height).flatMap((y) => starts(width).map((x) => ({ x, y })));
  const drop = new Float64Array(height * width);
  const times = new Float64Array(height * width);
  let whole = NaN;
  const maskOf = (index: number): Float32Array => {
    const mask = new Float32Array(height * width).fill(1);
    const window = windows[index - 1]; // mask 0 hides nothing
    if (window) eachPixel(window, (at) => (mask[at] = 0));
    return mask;
  };
  const eachPixel = ({ x, y }: { x: number; y: number }, use: (at: number) => void): void => {
    for (let row = y; row < Math.min(height, y + side); row++)
      for (let column = x; column < Math.min(width, x + side); column++) use(row * width + column);
  };
  await scoreMasks(request, windows.length + 1, maskOf, false, (index, _mask, score) => {
    if (index === 0) whole = score;
    const window = windows[index - 1];
    if (window)
      eachPixel(window, (at) => {
        drop[at] = (drop[at] ?? 0) + whole - score;
        times[at] = (times[at] ?? 0) + 1;
      });
  });
  const data = filled(
    new Float32Array(drop.length),
    (i) => (drop[i] ?? 0) / Math.max(1, times[i] ?? 1),
  );
  return {
    attribution: { dtype: "float32", shape: [height, width, 1], data },
    completeness: null,
    steps: windows.length,
  };
}
