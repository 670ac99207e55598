import type { FloatTensor } from "../../base/tensor.ts";
import { inputGradient } from "./input-gradient.ts";
import type { Attribution, AttributionRequest } from "./types.ts";

/** The first row of a batch, without its batch axis. */
export const firstRow = ({ shape, data }: FloatTensor): FloatTensor => {
  const [, ...rest] = shape;
  const size = rest.reduce((product, axis) => product * axis, 1);
  return { dtype: "float32", shape: rest, data: data.slice(0, size) };
};

/** A method that is a function of one gradient and the picture, element by element. */
export async function oneGradient(
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
