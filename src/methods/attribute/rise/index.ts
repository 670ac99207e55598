import { axes } from "../../../base/axes.ts";
import { filled } from "../../../base/tensor.ts";
import { upsample } from "../../cam/upsample.ts";
import { Random } from "../../random.ts";
import { scoreMasks } from "../masks.ts";
import type { AttributionMethodFunction, AttributionRequest } from "../types.ts";
import about from "./about.ts";

const CELLS = 7;
const KEEP = 0.5;

/** A coarse grid of 0 and 1, and where the picture is cut out of the upsampled one. */
export interface RiseGrid {
  readonly grid: Float32Array;
  readonly cells: number;
  readonly top: number;
  readonly left: number;
}

/** RISE (Petsiuk et al. 2018): the mean of random smooth masks, weighted with the probability they leave. [H, W, 1] */
export const rise: AttributionMethodFunction = (request) => {
  const [, height, width] = axes(request.input.shape, 4);
  const random = new Random(request.seed);
  const side = CELLS + 1;
  const grids = Array.from({ length: request.steps ?? about.options.steps.usual }, (): RiseGrid => {
    const grid = Float32Array.from({ length: side * side }, () =>
      random.uniform() < KEEP ? 1 : 0,
    );
    const top = random.integer(Math.ceil(height / CELLS));
    const left = random.integer(Math.ceil(width / CELLS));
    return { grid, cells: CELLS, top, left };
  });
  return riseOver(request, grids);
};

/** RISE over given grids of [cells + 1, cells + 1]; the expectation of a mask is `KEEP` everywhere. */
export async function riseOver(
  request: AttributionRequest,
  grids: readonly RiseGrid[],
): ReturnType<AttributionMethodFunction> {
  const [, height, width] = axes(request.input.shape, 4);
  const sum = new Float64Array(height * width);
  const maskOf = (index: number): Float32Array => {
    const { grid, cells, top, left } = grids[index] ?? {
      grid: new Float32Array(4),
      cells: 1,
      top: 0,
      left: 0,
    };
    const side = cells + 1;
    const [tall, wide] = [side * Math.ceil(height / cells), side * Math.ceil(width / cells)];
    const large = upsample(grid, [side, side], [tall, wide]);
    const mask = new Float32Array(height * width);
    for (let y = 0; y < height; y++)
      mask.set(large.subarray((y + top) * wide + left, (y + top) * wide + left + width), y * width);
    return mask;
  };
  await scoreMasks(request, grids.length, maskOf, true, (_index, mask, score) => {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + score * (mask[i] ?? 0);
  });
  const data = filled(new Float32Array(sum.length), (i) => (sum[i] ?? 0) / (grids.length * KEEP));
  return {
    attribution: { dtype: "float32", shape: [height, width, 1], data },
    completeness: null,
    steps: grids.length,
  };
}
