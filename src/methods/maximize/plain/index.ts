import type { FloatTensor } from "../../../base/tensor.ts";
import { Random } from "../../random.ts";
import { ascent } from "../ascent.ts";
import { startRows } from "../start.ts";
import { makeSteps } from "../steps.ts";
import type { InputRange } from "../../types.ts";
import type { Maximized, MaximizeRequest } from "../types.ts";
import about from "./about.ts";

/** Length of a step and size of the first noise, as shares of the input range (10 and 0.125 where it is -1..1). */
const RATE_SHARE = 5;
const NOISE_SHARE = 1 / 16;

/** How the plain recipe steps; its own usual values where left out. */
export interface PlainOptions {
  /** Length of each step in input units: the gradient is scaled to length 1 (L2, per picture). */
  readonly rate?: number;
  /** Where to start, [N, H, W, C]; else mid-gray with a little noise. */
  readonly start?: FloatTensor;
  /** Keep pixels in the range a picture can hold after every step. */
  readonly clip?: boolean;
}

/**
 * The teaching recipe (F. Chollet, "Visualizing what convnets learn", keras.io): gradient ascent with a gradient of length 1,
 * from gray noise. What is optimised is what is shown: pixels are clipped to the picture's range after every step.
 */
export async function plain(
  request: MaximizeRequest,
  options: PlainOptions = {},
): Promise<Maximized> {
  const { objectives, range, size } = request;
  const most = request.steps ?? about.options.steps.usual;
  const extent = Math.max(...range.max.map((max, k) => max - (range.min[k] ?? 0)));
  const rate = options.rate ?? RATE_SHARE * extent;
  const run = await ascent(request);
  const images = options.start ?? grayNoise(request, NOISE_SHARE * extent);
  const x = images.data.slice();
  const shape = [objectives.length, ...size];
  const cells = size[0] * size[1] * size[2];
  const current = (): FloatTensor => ({ dtype: "float32", shape, data: x });
  const history: Float32Array[] = [];
  const steps = await makeSteps(request, most, async (step) => {
    const { value, gradient } = await run(current());
    history.push(value.slice());
    for (let row = 0; row < objectives.length; row++) ascend(x, gradient, row * cells, cells, rate);
    if (options.clip ?? true) clipTo(x, range);
    request.onStep?.(step + 1, most, current(), value);
  });
  history.push((await run(current())).value.slice());
  return { images: current(), history, steps };
}

function ascend(
  x: Float32Array,
  gradient: Float32Array,
  from: number,
  count: number,
  rate: number,
): void {
  let square = 0;
  for (let i = from; i < from + count; i++) square += (gradient[i] ?? 0) ** 2;
  const factor = rate / (Math.sqrt(square) + 1e-8);
  for (let i = from; i < from + count; i++) x[i] = (x[i] ?? 0) + factor * (gradient[i] ?? 0);
}

/** In place. */
export function clipTo(x: Float32Array, { min, max }: InputRange): void {
  const channels = min.length;
  for (let i = 0; i < x.length; i++) {
    const k = i % channels;
    x[i] = Math.min(max[k] ?? Infinity, Math.max(min[k] ?? -Infinity, x[i] ?? 0));
  }
}

/** Mid-gray +- `noise`, uniform. */
function grayNoise(request: MaximizeRequest, noise: number): FloatTensor {
  const { seed, objectives, size, range } = request;
  const random = new Random(seed);
  const channels = size[2];
  const data = startRows(request, size[0] * size[1] * channels, (i) => {
    const middle = ((range.min[i % channels] ?? 0) + (range.max[i % channels] ?? 0)) / 2;
    return middle + (2 * random.uniform() - 1) * noise;
  });
  return { dtype: "float32", shape: [objectives.length, ...size], data };
}
