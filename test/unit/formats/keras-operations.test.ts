/** Layers and operations of Keras with the settings that are seldom told, by their definitions. */
import assert from "node:assert/strict";
import { distance, onEachEngine } from "../engine/support.ts";
import { kerasArchive, layerOf, scratch, withModel } from "./support.ts";

const write = scratch();
/** [positions, channels] of one row. */
const [T, C] = [3, 4] as const;
const CELLS = [0.3, -1.2, 2.6, 0.04, 1.55, -0.45, 0.7, -2.5, 0.1, 0.2, -0.3, 1.9];
const rows = (f: (row: readonly number[]) => readonly number[]): number[] =>
  Array.from({ length: T }, (_, t) => f(CELLS.slice(t * C, (t + 1) * C))).flat();
const total = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

/** A layer of Keras 3 by its class, or an operation of TensorFlow in a file of Keras 2. */
const file = (className: string, config: object, call: object): string => {
  const lambda = className === "TFOpLambda";
  const shape = [null, T, C];
  const input = lambda
    ? { class_name: "InputLayer", name: "i", config: { batch_input_shape: shape, name: "i" }, inbound_nodes: [] }
    : { class_name: "InputLayer", name: "i", config: { batch_shape: shape, name: "i" }, inbound_nodes: [] }; // prettier-ignore
  const tensor = { class_name: "__keras_tensor__", config: { shape, dtype: "float32", keras_history: ["i", 0, 0] } }; // prettier-ignore
  const inbound = lambda ? [["i", 0, 0, call]] : [{ args: [tensor], kwargs: call }];
  const layer = { class_name: className, name: "op", config: { name: "op", ...config }, inbound_nodes: inbound }; // prettier-ignore
  const model = { name: "m", layers: [input, layer], input_layers: [["i", 0, 0]], output_layers: [["op", 0, 0]] }; // prettier-ignore
  return write(
    "op.keras",
    kerasArchive(JSON.stringify({ class_name: "Functional", config: model })),
  );
};
const tf = (name: string): object => ({ function: name, trainable: true, dtype: "float32" });

const CASES: readonly [string, string, object, object, readonly number[]][] = [
  ["softmax over several axes", "Softmax", { axis: [1, 2] }, {}, (() => {
    const powers = CELLS.map(Math.exp);
    return powers.map((n) => n / total(powers));
  })()],
  ["a norm of order 1", "Normalize", { axis: -1, order: 1, epsilon: null }, {}, rows((row) => row.map((n) => n / total(row.map(Math.abs))))],
  ["a norm of order 2 with a limit", "Normalize", { axis: -1, order: 2, epsilon: 2 }, {}, rows((row) => row.map((n) => n / Math.max(2, Math.hypot(...row))))],
  ["decimals", "Round", { decimals: 1 }, {}, CELLS.map((n) => Math.round(n * 10) / 10)],
  ["a mean that is called like a layer", "Average", { axis: 2 }, {}, rows((row) => [total(row) / C])],
  ["a cast, and not to the type of the layer", "TFOpLambda", tf("cast"), { dtype: "int32" }, CELLS.map(Math.trunc)],
  ["beta", "TFOpLambda", tf("nn.silu"), { beta: 2 }, CELLS.map((n) => n / (1 + Math.exp(-2 * n)))],
  ["values of one-hot rows", "TFOpLambda", tf("one_hot"), { depth: 2, on_value: 5, off_value: 2 }, CELLS.flatMap((n) => [0, 1].map((k) => (Math.trunc(n) === k ? 5 : 2)))],
]; // prettier-ignore

describe("Keras' settings", () => {
  onEachEngine((engine) => {
    for (const [what, className, config, call, expected] of CASES)
      it(what, () =>
        withModel(file(className, config, call), async (model) => {
          const [x, y] = [model.inputs[0], model.outputs[0]];
          assert.ok(x && y, layerOf(model, "op").opaque ?? "");
          const program = await engine().compile(model, [x.node], [y.node]);
          const data = Float32Array.from(CELLS);
          const [value] = await program.run([{ dtype: "float32", shape: [1, T, C], data }]);
          assert.ok(value && value.data.length === expected.length);
          assert.ok(distance([...value.data], expected) < 1e-5, value.data.join());
          engine().release(model);
        }),
      );
  });
  for (const [what, className, config, call, why] of [
    ["a norm of order 3", "Normalize", { axis: -1, order: 3 }, {}, /norm of order 3/],
    ["a product of NumPy's", "Dot", {}, {}, /not known|not supported/],
    [
      "antialiasing",
      "TFOpLambda",
      tf("image.resize"),
      { size: [2, 2], antialias: true },
      /antialias/,
    ],
    [
      "a kept aspect ratio",
      "TFOpLambda",
      tf("image.resize"),
      { size: [2, 2], preserve_aspect_ratio: true },
      /aspect ratio/,
    ],
  ] as const)
    // prettier-ignore
    it(`refuse ${what}`, () =>
      withModel(file(className, config, call), (model) => {
        assert.match(layerOf(model, "op").opaque ?? "", why);
      }));
});
