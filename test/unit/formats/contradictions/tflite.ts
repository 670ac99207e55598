import {
  buffer,
  CONV_2D,
  operator,
  RELU,
  tensor as liteTensor,
  tfliteFile,
} from "../tflite-files.ts";
import type { Cases } from "./types.ts";

/** x [1, 4, 4, 2], a kernel, a bias, y [1, 4, 4, 3]. */
function lite(
  { kernel = [3, 3, 3, 2], numbers = 54, bias = 3, x = [1, 4, 4, 2] },
  more: Partial<Parameters<typeof tfliteFile>[0]> = {},
): Uint8Array {
  const held = (count: number): ReturnType<typeof buffer> => buffer(new Uint8Array(4 * count));
  const steps = { table: { 1: { i32: 1 }, 2: { i32: 1 } } };
  return tfliteFile({
    codes: [CONV_2D],
    tensors: [
      liteTensor("x", x),
      liteTensor("w", kernel, 1),
      liteTensor("b", [bias], 2),
      liteTensor("y", [1, 4, 4, 3]),
    ],
    buffers: [buffer(), held(numbers), held(bias)],
    operators: [operator(0, [0, 1, 2], [3], steps)],
    ...more,
  });
}
const activations = (...steps: readonly (readonly [from: number, to: number])[]): Uint8Array =>
  tfliteFile({
    tensors: [liteTensor("x", [1, 4, 4, 2]), liteTensor("y", [1, 4, 4, 2])],
    operators: steps.map(([from, to]) => operator(0, [from], [to])),
  });
export const tflite: Cases = {
  "a kernel larger than its numbers": [lite({ numbers: 10 }), /'w' as float32 .*holds 40 bytes/],
  "a kernel smaller than its numbers": [lite({ numbers: 99 }), /'w' as float32 .*holds 396 bytes/],
  "a bias of others": [lite({ bias: 5 }), /3 filters and a bias of 5/],
  "groups that do not divide": [lite({ kernel: [3, 3, 3, 1], numbers: 27 }), /3 filters in 2/],
  "a kernel of nothing": [lite({ kernel: [3, 0, 0, 2], numbers: 0 }), /window \[0, 0\]/],
  "no filters": [lite({ kernel: [0, 3, 3, 2], numbers: 0, bias: 0 }), /no filters/],
  "a function of one value that gets two": [
    lite({}, { codes: [RELU], operators: [operator(0, [0, 0], [3])] }),
    /takes one value and is given 2/,
  ],
  "an input of no rows": [lite({ x: [1, 0, 4, 2] }), /shape \[\?, 0, 4, 2\]/],
  "an input twice": [lite({}, { inputs: [0, 0] }), /'x' \(number 0\) is computed or fed twice/],
  "a kernel that is fed": [lite({}, { inputs: [0, 1] }), /'w' \(number 1\) is computed or fed/],
  "a tensor that is computed twice": [activations([0, 1], [1, 1]), /'y' .* computed or fed twice/],
  "an input that is computed": [activations([0, 0], [0, 1]), /'x' .* computed or fed twice/],
  "a tensor below none": [lite({}, { operators: [operator(0, [0, 1, -7], [3])] }), /its tensor -7/],
  "a tensor that is not there": [activations([0, 9]), /its tensor 9, and has only 2/],
  "a tensor that is not there, taken": [activations([9, 1]), /its tensor 9, and has only 2/],
  "an output that is not there": [lite({}, { outputs: [9] }), /damaged/],
  "an output below none": [lite({}, { outputs: [-1] }), /damaged/],
  "an output beyond that of an operator": [
    tfliteFile({
      tensors: ["x", "y", "z"].map((name) => liteTensor(name, [1, 4, 4, 2])),
      operators: [operator(0, [0], [1, 2])],
    }),
    /'z' \(the model's output\) before anything computes it/,
  ],
  "an operator before what it takes": [activations([1, 0], [0, 1]), /before anything computes it/],
};
