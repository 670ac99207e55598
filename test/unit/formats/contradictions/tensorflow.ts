import { field, message } from "../../../support/protobuf.ts";
import * as tf from "../tensorflow-files.ts";
import type { Cases } from "./types.ts";

const { FLOAT, placeholder } = tf;
const text = (value: string): Uint8Array => field(2, value);
const list = (...all: readonly number[]): Uint8Array =>
  field(1, message(...all.map((n) => field(3, n))));
const weights = (name: string, ...shape: readonly number[]): Uint8Array =>
  tf.constant(
    name,
    field(2, tf.shape(...shape)),
    field(4, new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)).fill(1)),
  );
function convolved(own: Readonly<Record<string, Uint8Array>>, kernel = [3, 3, 3, 4]): Uint8Array {
  const usual = { T: FLOAT, strides: list(1, 1, 1, 1), padding: text("VALID") };
  const y = tf.node("y", "Conv2D", ["x", "w"], { ...usual, ...own });
  return tf.graph([placeholder, weights("w", ...kernel), y]);
}
const pooled = (own: Readonly<Record<string, Uint8Array>>): Uint8Array => {
  const usual = { ksize: list(1, 2, 2, 1), strides: list(1, 2, 2, 1), padding: text("VALID") };
  return tf.graph([placeholder, tf.node("y", "MaxPool", ["x"], { ...usual, ...own })]);
};
const fed = (...shape: readonly number[]): Uint8Array => {
  const x = tf.node("x", "Placeholder", [], { dtype: FLOAT, shape: field(7, tf.shape(...shape)) });
  return tf.graph([x, tf.node("y", "Relu", ["x"])]);
};
const explicit_paddings = list(0, 0, -1, -1, -1, -1, 0, 0);
export const tensorflow: Cases = {
  "steps that lead nowhere": [convolved({ strides: list(1, 0, 0, 1) }), /strides \[0, 0\]/],
  "no dilation": [convolved({ dilations: list(1, 0, 0, 1) }), /dilations \[0, 0\]/],
  "padding below zero": [
    convolved({ padding: text("EXPLICIT"), explicit_paddings }),
    /padding \[-1, -1, -1, -1\]/,
  ],
  "groups that do not divide": [convolved({}, [3, 3, 1, 4]), /4 filters in 3 groups/],
  "a kernel of nothing": [convolved({}, [0, 0, 3, 4]), /window \[0, 0\]/],
  "no filters": [convolved({}, [3, 3, 3, 0]), /no filters/],
  "a window of nothing": [pooled({ ksize: list(1, 0, 0, 1) }), /window \[0, 0\]/],
  "windows that do not move": [pooled({ strides: list(1, 0, 0, 1) }), /strides \[0, 0\]/],
  "an input of no rows": [fed(-1, 0, 4, 3), /its input 'x' has the shape \[\?, 0, 4, 3\]/],
  "an input of less than none": [fed(-1, -4, 4, 3), /\[N, -4, 4, 3\], which cannot be/],
  "a function of one value that gets two": [
    tf.graph([placeholder, weights("w", 1), tf.node("y", "Relu", ["x", "w"])]),
    /'y' takes one value and is given 2/,
  ],
  "a sum of three": [
    tf.graph([placeholder, weights("w", 1), tf.node("y", "Maximum", ["x", "w", "w"])]),
    /'y' takes 2 values and is given 3/,
  ],
  "a name twice": [
    tf.graph([placeholder, tf.node("y", "Relu", ["x"]), tf.node("y", "Neg", ["x"])]),
    /two of its operations are called 'y'/,
  ],
};
