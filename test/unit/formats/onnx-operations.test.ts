/** ONNX operations with the settings that are seldom told, by their definitions. */
import assert from "node:assert/strict";
import { Message } from "../../../src/engine/native/protobuf.ts";
import { distance, onEachEngine } from "../engine/support.ts";
import { floats, graph, int, ints, model, node, tensor, value, type Made } from "./onnx-files.ts";
import { layerOf, scratch, withModel } from "./support.ts";

const write = scratch();
const text = (name: string, told: string): Made =>
  new Message().string(1, name).string(4, told).int(20, 3);

interface Case {
  readonly op: string;
  readonly opset: number;
  readonly attributes?: readonly Made[];
  /** Inputs behind the picture; '' where one is left out. */
  readonly others?: readonly (readonly [name: string, values: readonly number[], whole?: true])[];
  /** Rows of one channel, or of each. */
  readonly picture: readonly (readonly number[])[];
}
const file = ({ op, opset, attributes = [], others = [], picture }: Case): string => {
  const initializers = others.flatMap(([name, values, whole]) => {
    const shape = [values.length];
    if (name === "") return [];
    return whole
      ? [tensor({ name, shape, type: 7, typed: (t) => t.ints(7, [...values]) })]
      : [tensor({ name, shape, raw: floats(...values) })];
  });
  const inputs = ["x", ...others.map(([name]) => name)];
  const shape = [1, picture.length === 4 ? 2 : 1, picture.length === 4 ? 2 : picture.length, picture[0]?.length ?? 0]; // prettier-ignore
  const net = graph({
    nodes: [node({ op, inputs, outputs: ["y"], attributes })],
    initializers,
    inputs: [value("x", shape)],
    outputs: [value("y", ["n", "c", "h", "w"])],
  });
  return write("op.onnx", model(net, [], opset));
};

const UP = [[1, 2, 3, 4], [5, 6, 7, 8]]; // prettier-ignore
const CASES: readonly (readonly [string, Case, readonly number[]])[] = [
  // ONNX 1.5's own test of this operation set
  ["Resize of operation set 10 goes up where it shrinks", { op: "Resize", opset: 10, others: [["scales", [1, 1, 0.6, 0.6]]], picture: UP }, [1, 3]],
  ["Resize of operation set 10 goes down where it grows", { op: "Resize", opset: 10, others: [["scales", [1, 1, 1, 1.5]]], picture: [[1, 2, 3, 4]] }, [1, 1, 2, 3, 3, 4]],
  ["the nearest cell is found in single precision", { op: "Resize", opset: 13, attributes: [text("nearest_mode", "floor")], others: [["", []], ["scales", [1, 1, 1, 0.6]]], picture: [[0, 1, 2, 3, 4, 5, 6]] }, [0, 2, 3, 5]],
  ["a slope of operation set 6 is a channel's", { op: "PRelu", opset: 6, others: [["slope", [10, 100]]], picture: [[-1, 2], [3, -4], [-5, 6], [7, -8]] }, [-10, 2, 3, -40, -500, 6, 7, -800]],
  ["a slope of operation set 9 broadcasts", { op: "PRelu", opset: 9, others: [["slope", [10, 100]]], picture: [[-1, 2], [3, -4], [-5, 6], [7, -8]] }, [-10, 2, 3, -400, -50, 6, 7, -800]],
  ["a norm of a window that sticks out", { op: "LpPool", opset: 18, attributes: [ints("kernel_shape", [1, 2]), ints("strides", [1, 2]), int("p", 1), int("ceil_mode", 1)], picture: [[1, -2, 3, -4, 5]] }, [3, 7, 5]],
  ["limits that leave nothing", { op: "Clip", opset: 6, attributes: [new Message().string(1, "min").float(2, 0.5).int(20, 1), new Message().string(1, "max").float(2, -0.5).int(20, 1)], picture: [[1, -2, 0]] }, [-0.5, -0.5, -0.5]],
]; // prettier-ignore

describe("ONNX' settings", () => {
  onEachEngine((engine) => {
    for (const [what, one, expected] of CASES)
      it(what, () =>
        withModel(file(one), async (read) => {
          const [x, y] = [read.inputs[0], read.outputs[0]];
          assert.ok(x && y, read.layers.map(({ opaque }) => opaque).join());
          const program = await engine().compile(read, [x.node], [y.node]);
          const rows = one.picture;
          const half = rows.length / 2;
          // two channels stand one after the other in the file
          const cells = rows.length < 4 ? rows.flat() : rows.slice(0, half).flatMap((row, i) => row.flatMap((n, j) => [n, rows[half + i]?.[j] ?? NaN])); // prettier-ignore
          const shape = [1, ...x.shape.slice(1).map(Number)];
          const [out] = await program.run([{ dtype: "float32", shape, data: Float32Array.from(cells) }]); // prettier-ignore
          const channels = out?.shape.at(-1) ?? 1;
          const made = [...(out?.data ?? [])];
          const seen = Array.from({ length: channels }, (_, c) => made.filter((__, i) => i % channels === c)).flat(); // prettier-ignore
          assert.equal(seen.length, expected.length);
          assert.ok(distance(seen, expected) < 1e-5, seen.join());
          engine().release(read);
        }),
      );
  });
  for (const [mode, why] of [
    ["reflect", /mirrors 2 cells into a border of 2/],
    ["wrap", /wraps 2 cells into a border of 3/],
  ] as const)
    it(`refuse a border that is wider than what it is made of (${mode})`, () => {
      const width = mode === "wrap" ? 3 : 2;
      const pads: readonly [string, readonly number[], true] = ["pads", [0, 0, width, 0, 0, 0, 0, 0], true]; // prettier-ignore
      const one = { op: "Pad", opset: 19, attributes: [text("mode", mode)], others: [pads], picture: UP }; // prettier-ignore
      return withModel(file(one), (read) => {
        assert.match(layerOf(read, "y").opaque ?? "", why);
      });
    });
});
