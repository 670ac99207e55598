/** Methods that need one gradient: gradient, saliency (Simonyan et al. 2013), gradient x input (Shrikumar et al. 2016). */
import type { FloatTensor } from "../../base/tensor.ts";
import { inputGradient } from "./gradient.ts";
import type { Attribution, AttributionMethodFunction, AttributionRequest } from "./types.ts";

/** The first row of a batch, without its batch axis. */
export const firstRow = ({ shape, data }: FloatTensor): FloatTensor => {
  const [, ...rest] = shape;
  const size = rest.reduce((product, axis) => product * axis, 1);
  return { dtype: "float32", shape: rest, data: data.slice(0, size) };
};

async function one(
  request: AttributionRequest,
  map: (gradient: number, x: number) => number,
): Promise<Attribution> {
  const { subject, scores, input, classIndex } = request;
  const run = await inputGradient(subject, scores, request);
  const { gradient } = await run(input, [classIndex]);
  const row = firstRow(gradient);
  const data = row.data.map((g, i) => map(g, input.data[i] ?? 0));
  return { attribution: { ...row, data }, completeness: null, steps: 1 };
}

/** Signed d logit / d input. */
export const gradient: AttributionMethodFunction = (request) => one(request, (g) => g);
/** |d logit / d input| */
export const saliency: AttributionMethodFunction = (request) => one(request, (g) => Math.abs(g));
export const gradientTimesInput: AttributionMethodFunction = (request) =>
  one(request, (g, x) => g * x);
