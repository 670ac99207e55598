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
/** What takes `ref`, of a graph with `more` in it. */
const taking = (ref: string, ...more: readonly Uint8Array[]): Uint8Array =>
  tf.graph([placeholder, weights("w", 3), ...more, tf.node("y", "AddV2", ["x", ref])]);
/** The same in a function. */
const within = (...nodes: readonly Uint8Array[]): Uint8Array =>
  tf.graph(
    [placeholder, tf.call("called", "f", "x"), tf.node("y", "Relu", ["called"])],
    [tf.fn("f", ...nodes)],
  );
const statistics = ["a", "b", "c", "d"].map((name) => weights(name, 3));
const normed = tf.node("bn", "FusedBatchNormV3", ["x", "a", "b", "c", "d"], { is_training: field(5, 0) }); // prettier-ignore
const halves = [
  tf.node("axis", "Const", [], { value: field(8, message(field(1, 3), field(7, 3))) }),
  tf.node("halves", "Split", ["axis", "x"], { num_split: field(3, 3) }),
];
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
  "an output beyond those of a constant": [taking("w:1"), /'y' takes 'w:1', and 'w' has 1 output;/],
  "an output beyond that of a function": [
    taking("r:3", tf.node("r", "Relu", ["x"])),
    /'y' takes 'r:3', and 'r' has 1 output;/,
  ],
  "an output beyond that of what is not executed": [
    taking("r:2", tf.node("odd", "Nobody", ["x"]), tf.node("r", "Relu", ["odd:7"])),
    /'y' takes 'r:2', and 'r' has 1 output;/,
  ],
  "an output beyond those of a normalisation": [
    taking("bn:6", ...statistics, normed),
    /'y' takes 'bn:6', and 'bn' has 6 outputs;/,
  ],
  "an output beyond those of a split": [
    taking("halves:3", ...halves),
    /'y' takes 'halves:3', and 'halves' has 3 outputs;/,
  ],
  "an output beyond that of the input": [taking("x:1"), /'y' takes 'x:1', and 'x' has 1 output;/],
  "an output of what gives none": [
    taking("none", tf.node("none", "NoOp")),
    /'y' takes 'none', and 'none' has 0 outputs;/,
  ],
  "an output below the first": [taking("w:-1"), /'y' takes 'w:-1', which names no output;/],
  "an output in words": [taking("w:first"), /'y' takes 'w:first', which names no output;/],
  "an output of no number": [taking("w:"), /'y' takes 'w:', which names no output;/],
  "an output by halves": [taking("w:0.5"), /'y' takes 'w:0.5', which names no output;/],
  "an output in too many parts": [taking("w:a:b:0"), /takes 'w:a:b:0', which names no output;/],
  "an operation that is not there": [taking("nobody"), /'y' takes 'nobody', which is not there;/],
  "waiting for what is not there": [taking("^nobody"), /'y' waits for '\^nobody', which is not/],
  "waiting for one output": [taking("^w:0"), /'y' waits for '\^w:0', which is not there;/],
  "an output of no such name": [
    taking("bn:nobody:0", ...statistics, normed),
    /'y' takes 'bn:nobody:0', and FusedBatchNormV3 has no such output;/,
  ],
  "an output beyond, within a function": [
    within(tf.node("r", "Relu", ["x"]), tf.node("out", "Relu", ["r:activations:1"])),
    /'called\/out' takes 'r:activations:1', and 'r' has 1 output;/,
  ],
  "an argument that is not there": [
    within(tf.node("out", "Relu", ["z"])),
    /'called\/out' takes 'z', which is not there;/,
  ],
  "an output beyond those of a call": [
    tf.graph(
      [placeholder, tf.call("called", "f", "x"), tf.node("y", "Relu", ["called:1"])],
      [tf.fn("f", tf.node("out", "Relu", ["x"]))],
    ),
    /'y' takes 'called:1', and 'called' has 1 output;/,
  ],
};
