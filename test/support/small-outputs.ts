/** Small networks that end at what few end at: a transformer without a head, heat maps of points, angles. */
import * as onnx from "../unit/formats/onnx-files.ts";

const [SIDE, GRID, WIDTH] = [32, 4, 6];
const TOKENS = GRID * GRID + 1;

const numbers = (name: string, ...shape: number[]): onnx.Made => {
  const count = shape.reduce((all, size) => all * size, 1);
  const values = Array.from(
    { length: count },
    (_, i) => (((i * 37 + name.length * 5) % 23) - 11) / 9,
  );
  return onnx.tensor({ name, shape, raw: onnx.floats(...values) });
};
const node = (
  op: string,
  inputs: string[],
  output: string,
  ...attributes: onnx.Made[]
): onnx.Made => onnx.node({ op, inputs, outputs: [output], name: output, attributes });
const product = (x: string, weights: string, output: string): onnx.Made =>
  node("MatMul", [x, weights], output);

/** An ONNX file with heat maps of 3 points, [1, 3, 16, 16]. */
export function pointMaps(): Uint8Array {
  const strided = [onnx.ints("strides", [2, 2]), onnx.ints("pads", [1, 1, 1, 1])];
  return onnx.model(
    onnx.graph({
      nodes: [
        node("Conv", ["picture", "down"], "edges", ...strided),
        node("Relu", ["edges"], "maps"),
        node("Conv", ["maps", "points"], "heatmaps"),
      ],
      initializers: [numbers("down", 4, 3, 3, 3), numbers("points", 3, 4, 1, 1)],
      inputs: [onnx.value("picture", [1, 3, SIDE, SIDE])],
      outputs: [onnx.value("heatmaps", [1, 3, SIDE / 2, SIDE / 2])],
    }),
  );
}

/** An ONNX file with three angles, [1, 3] of a tanh: values, and no classes. */
export function angles(): Uint8Array {
  return onnx.model(
    onnx.graph({
      nodes: [
        node("Conv", ["picture", "kernel"], "edges", onnx.ints("strides", [8, 8])),
        node("Relu", ["edges"], "maps"),
        node("Flatten", ["maps"], "flat"),
        node("MatMul", ["flat", "weights"], "sums"),
        node("Tanh", ["sums"], "pose"),
      ],
      initializers: [numbers("kernel", 4, 3, 8, 8), numbers("weights", 4 * GRID * GRID, 3)],
      inputs: [onnx.value("picture", [1, 3, SIDE, SIDE])],
      outputs: [onnx.value("pose", [1, 3])],
    }),
  );
}

/**
 * An ONNX file of a vision transformer without a head, [1, 17, 6]: a class token and 4 x 4 patches of 8 x 8 pixels, one block of attention,
 * a normalization.
 */
export function tokenFeatures(): Uint8Array {
  const nodes = [
    node("Conv", ["picture", "kernel"], "patches", onnx.ints("strides", [8, 8])),
    node("Reshape", ["patches", "rows"], "flat"),
    node("Transpose", ["flat"], "tokens", onnx.ints("perm", [0, 2, 1])),
    node("Concat", ["class", "tokens"], "all", onnx.int("axis", 1)),
    ...["query", "key", "value"].map((name) => product("all", `${name}.weight`, name)),
    node("Transpose", ["key"], "keys", onnx.ints("perm", [0, 2, 1])),
    product("query", "keys", "likeness"),
    node("Softmax", ["likeness"], "attention", onnx.int("axis", -1)),
    product("attention", "value", "seen"),
    node("Add", ["all", "seen"], "sum"),
    node("LayerNormalization", ["sum", "scale", "shift"], "features", onnx.int("axis", -1)),
  ];
  const whole = new BigInt64Array([1n, BigInt(WIDTH), BigInt(GRID * GRID)]);
  return onnx.model(
    onnx.graph({
      nodes,
      initializers: [
        ...[numbers("kernel", WIDTH, 3, 8, 8), numbers("class", 1, 1, WIDTH)],
        ...["query", "key", "value"].map((name) => numbers(`${name}.weight`, WIDTH, WIDTH)),
        ...[numbers("scale", WIDTH), numbers("shift", WIDTH)],
        onnx.tensor({ name: "rows", shape: [3], type: 7, raw: new Uint8Array(whole.buffer) }),
      ],
      inputs: [onnx.value("picture", [1, 3, SIDE, SIDE])],
      outputs: [onnx.value("features", [1, TOKENS, WIDTH])],
    }),
  );
}
