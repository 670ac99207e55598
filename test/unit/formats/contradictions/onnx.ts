import { floats, graph, int, ints, model, node, tensor, value, type Made } from "../onnx-files.ts";
import type { Cases } from "./types.ts";

/** A convolution of 4 filters of 3 x 3 over 2 channels. */
function conv(attributes: readonly Made[], bias = 4): Uint8Array {
  const weights = floats(...new Float32Array(72).fill(0.5));
  return model(
    graph({
      nodes: [node({ op: "Conv", inputs: ["x", "w", "b"], outputs: ["y"], attributes })],
      initializers: [
        tensor({ name: "w", shape: [4, 2, 3, 3], raw: weights }),
        tensor({ name: "b", shape: [bias], raw: floats(...new Float32Array(bias)) }),
      ],
      inputs: [value("x", ["N", 2, 8, 8])],
      outputs: [value("y", ["N", 4, 6, 6])],
    }),
  );
}
const pool = (...attributes: readonly Made[]): Uint8Array =>
  model(
    graph({
      nodes: [node({ op: "MaxPool", inputs: ["x"], outputs: ["y"], attributes })],
      inputs: [value("x", ["N", 2, 8, 8])],
      outputs: [value("y", ["N", 2, 4, 4])],
    }),
  );
/** x [N, 2, 8, 8] through nodes, up to the value `told`. */
const nodes = (told: string, ...all: readonly (readonly [string, string[], string[]])[]) =>
  model(
    graph({
      nodes: all.map(([op, inputs, outputs]) => node({ op, inputs, outputs })),
      inputs: [value("x", ["N", 2, 8, 8])],
      outputs: [value(told, ["N", 2, 8, 8])],
    }),
  );
const TWO = ints("kernel_shape", [2, 2]);

export const onnx: Cases = {
  "a kernel_shape": [
    conv([ints("kernel_shape", [5, 5])]),
    /kernel_shape \[5, 5\], and weights of \[3, 3\]/,
  ],
  "groups that do not divide": [conv([int("group", 3)]), /4 filters in 3 groups/],
  "no groups": [conv([int("group", 0)]), /in 0 groups/],
  "too few pads": [conv([ints("pads", [1, 1])]), /pads \[1, 1\] for 2 axes/],
  "pads below zero": [conv([ints("pads", [-1, -1, -1, -1])]), /padding \[-1/],
  "steps that lead nowhere": [conv([ints("strides", [0, 0])]), /strides \[0, 0\]/],
  "too many steps": [conv([ints("strides", [1, 1, 1])]), /for 2 axes/],
  "no dilation": [conv([ints("dilations", [0, 0])]), /dilations \[0, 0\]/],
  "a bias of others": [conv([], 3), /4 filters and a bias of 3/],
  "no window": [pool(), /windows of \[\] over 2 axes/],
  "a window of nothing": [pool(ints("kernel_shape", [0, 0])), /window \[0, 0\]/],
  "windows beside the picture": [pool(TWO, ints("pads", [4, 4, 4, 4])), /its padding is \[4/],
  "a function of one value that gets two": [
    nodes("y", ["Relu", ["x", "x"], ["y"]]),
    /'y' takes one value and is given 2/,
  ],
  "a softmax of two": [
    nodes("y", ["Softmax", ["x", "x"], ["y"]]),
    /'y' takes one value and is given 2/,
  ],
  "an output beyond that of an operation": [
    nodes("z", ["Relu", ["x"], ["y", "z"]]),
    /'y' gives 1 of the 2 values that it is to give/,
  ],
  "an output beyond the places of maxima": [
    nodes("z", ["MaxPool", ["x"], ["y", "i", "z"]]),
    /'y' gives 2 of the 3 values that it is to give/,
  ],
  "a value that is not there": [
    nodes("y", ["Relu", ["nobody"], ["y"]]),
    /'nobody' that none of its nodes makes before/,
  ],
  "an output that is not there": [
    nodes("nobody", ["Relu", ["x"], ["y"]]),
    /'nobody' that none of its nodes makes before/,
  ],
  "a node before what it takes": [
    nodes("y", ["Relu", ["z"], ["y"]], ["Relu", ["x"], ["z"]]),
    /'z' that none of its nodes makes before/,
  ],
  "a value that is made twice": [
    nodes("y", ["Relu", ["x"], ["y"]], ["Neg", ["x"], ["y"]]),
    /makes its value 'y' twice/,
  ],
};
