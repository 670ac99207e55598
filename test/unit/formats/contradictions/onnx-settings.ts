/** Settings that no operation can have, or that say something else than the tensors beside them. */
import { Message } from "../../../../src/engine/native/protobuf.ts";
import { floats, graph, int, ints, model, node, tensor, value, type Made } from "../onnx-files.ts";
import type { Cases } from "./types.ts";

const float = (name: string, of: number): Made =>
  new Message().string(1, name).float(2, of).int(20, 1);
const text = (name: string, of: string): Made =>
  new Message().string(1, name).string(4, of).int(20, 3);
const whole = (name: string, ...all: readonly number[]): Made =>
  tensor({ name, shape: [all.length], type: 7, typed: (made) => made.ints(7, [...all]) });
const half = (name: string, ...shape: readonly number[]): Made => {
  const cells = shape.reduce((a, b) => a * b, 1);
  return tensor({ name, shape, raw: floats(...new Float32Array(cells).fill(0.5)) });
};

interface Rest {
  readonly attributes?: readonly Made[];
  readonly stored?: readonly Made[];
  readonly outputs?: readonly string[];
  readonly x?: readonly (number | string)[];
  readonly fed?: readonly Made[];
}
/** One operation on x, [N, 2, 8, 8] where nothing else is told, and what is stored. */
function one(op: string, inputs: readonly string[], rest: Rest = {}): Uint8Array {
  const { attributes = [], stored = [], outputs = ["y"], x = ["N", 2, 8, 8], fed = [] } = rest;
  return model(
    graph({
      nodes: [node({ op, inputs, outputs, attributes })],
      initializers: stored,
      inputs: [value("x", x), ...fed],
      outputs: outputs.map((name) => value(name, ["N", 2, 8, 8])),
    }),
  );
}
const set = (op: string, ...attributes: readonly Made[]): Uint8Array =>
  one(op, ["x"], { attributes });
const given = (op: string, stored: readonly Made[], ...inputs: readonly string[]): Uint8Array =>
  one(op, ["x", ...inputs], { stored });
const conv = (...attributes: readonly Made[]): Uint8Array =>
  one("Conv", ["x", "w"], { attributes, stored: [half("w", 4, 2, 3, 3)] });
const normed = (epsilon: number): Uint8Array =>
  one("BatchNormalization", ["x", "s", "b", "m", "v"], {
    attributes: [float("epsilon", epsilon)],
    stored: ["s", "b", "m", "v"].map((name) => half(name, 2)),
  });
const parts = (...sizes: readonly number[]): Uint8Array =>
  one("Split", ["x", "parts"], {
    ...{ attributes: [int("axis", 1)], stored: [whole("parts", ...sizes)], outputs: ["y", "z"] },
  });
const lstm = (...attributes: readonly Made[]): Uint8Array =>
  one("LSTM", ["x", "w", "r"], {
    ...{ attributes, stored: [half("w", 1, 8, 2), half("r", 1, 8, 2)], x: [5, "N", 2] },
  });

export const onnxSettings: Cases = {
  "an order of too few axes": [set("Transpose", ints("perm", [0, 1])), /the 4 axes .* \[0, 1\]/],
  "an order of axes below none": [set("Transpose", ints("perm", [0, -1, 2, 1])), /order \[0, -1/],
  "an order of axes that are not there": [set("Transpose", ints("perm", [0, 1, 2, 4])), /2, 4\]/],
  "steps that no axis has": [conv(ints("strides", [2 ** 40, 1])), /strides \[1099511627776, 1\]/],
  "dilations that no axis has": [conv(ints("dilations", [2 ** 31, 1])), /dilations \[2147483648/],
  "a setting twice": [
    conv(ints("strides", [1, 1]), ints("strides", [2, 2])),
    /'strides' is there t/,
  ],
  "less than nothing beside a variance": [normed(-1), /'y' adds -1 to a variance/],
  "no number beside a variance": [normed(NaN), /'y' adds NaN to a variance/],
  "all beside a variance": [normed(Infinity), /'y' adds Infinity to a variance/],
  "a neighbourhood of none": [set("LRN", int("size", 0)), /a neighbourhood of 0 channels/],
  "no neighbourhood": [set("LRN"), /'y' has no attribute 'size'/],
  "no axis to join along": [one("Concat", ["x", "x"]), /'y' has no attribute 'axis'/],
  "no type to become": [set("Cast"), /'y' has no attribute 'to'/],
  "no size of blocks": [set("DepthToSpace"), /'y' has no attribute 'blocksize'/],
  "a number in words": [set("Elu", text("alpha", "1")), /an attribute 'alpha' that is no number/],
  "words in numbers": [conv(int("auto_pad", 1)), /an attribute 'auto_pad' that is no text/],
  "an axis twice, reduced": [set("ReduceMean", ints("axes", [2, -2])), /an axis twice: \[2, -2\]/],
  "an axis twice, cut": [
    given("Slice", [whole("a", 0, 2), whole("b", 4, 6), whole("c", 2, 2)], "a", "b", "c"),
    /an axis twice: \[2, 2\]/,
  ],
  "an axis twice, put in": [given("Unsqueeze", [whole("a", 1, 1)], "a"), /twice: \[1, 1\]/],
  "parts that are more than the whole": [parts(1, 9), /splits 2 cells into parts of \[1, 9\]/],
  "parts that are less than the whole": [parts(1, 0), /splits 2 cells into parts of \[1, 0\]/],
  "parts below none": [parts(-1, 3), /splits 2 cells into parts of \[-1, 3\]/],
  "parts that nobody gets": [parts(1, 1, 0), /splits into 3 parts, and gives 2/],
  "a direction that is none": [lstm(text("direction", "sideways")), /goes 'sideways'/],
  "kernels of fewer directions": [lstm(text("direction", "bidirectional")), /of 1 directions/],
  "other cells than the kernels'": [lstm(int("hidden_size", 5)), /has 5 cells, and kernels of 2/],
  "a parameter of another shape than it is declared": [
    one("Conv", ["x", "w"], { stored: [half("w", 4, 2, 3, 3)], fed: [value("w", [9, 9])] }),
    /'w' is declared as \[9, 9\], and stored as \[4, 2, 3, 3\]/,
  ],
  "an output of nothing": [
    given("Pad", [whole("p", 0, 0, -9, 0, 0, 0, 0, 0)], "p"),
    /its output 'y' has the shape \[[1?], 2, 0, 8\]: no number/,
  ],
  "few numbers that become many": [
    model(
      graph({
        nodes: [
          node({ op: "Expand", inputs: ["w", "sizes"], outputs: ["wide"] }),
          node({ op: "ReduceMean", inputs: ["wide"], outputs: ["mean"] }),
          node({ op: "Add", inputs: ["x", "mean"], outputs: ["y"] }),
        ],
        initializers: [half("w", 1), whole("sizes", 40_000, 40_000)],
        inputs: [value("x", ["N", 2, 8, 8])],
        outputs: [value("y", ["N", 2, 8, 8])],
      }),
    ),
    /makes 1600000000 numbers of 1 parameters/,
  ],
};
