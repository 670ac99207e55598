/** What flax.serialization writes, and files that lie. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readModel } from "../../../src/formats/index.ts";
import { layerOf, scratch, sentence, weightOf, withModel } from "./support.ts";

const write = scratch();
const text = (value: string): number[] => [0xa0 + value.length, ...Buffer.from(value)];
const map = (...entries: readonly (readonly [string, readonly number[]])[]): number[] => [
  0x80 + entries.length,
  ...entries.flatMap(([key, value]) => [...text(key), ...value]),
];
/** An extension of type 1: shape, name of the type, numbers. */
function array(shape: readonly number[], type: string, numbers: readonly number[]): number[] {
  const bytes = [...Buffer.from(new Uint8Array(Float32Array.from(numbers).buffer))];
  const inside = [0x93, 0x90 + shape.length, ...shape, ...text(type), 0xc4, bytes.length, ...bytes];
  return [0xc7, inside.length, 1, ...inside];
}
const conv = map(
  ["kernel", array([1, 1, 2, 3], "float32", [1, 2, 3, 4, 5, 6])],
  ["bias", array([3], "float32", [7, 8, 9])],
);
const file = (name: string, bytes: readonly number[]): string =>
  write(name, Uint8Array.from(bytes));

describe("a checkpoint of Orbax", () => {
  it("is refused by its name, with the cure", async () => {
    for (const own of ["_CHECKPOINT_METADATA", "default/manifest.ocdbt"]) {
      const folder = path.join(path.dirname(file("beside", [0])), `step_${own.length}`);
      mkdirSync(path.dirname(path.join(folder, own)), { recursive: true });
      writeFileSync(path.join(folder, own), "{}");
      const name = path.basename(folder);
      const says = new RegExp(
        `'${name}' is a checkpoint of Orbax.*flax\\.serialization\\.to_bytes`,
      );
      await assert.rejects(readModel(folder), { kind: "input", message: says });
    }
  });
});

describe("what flax.serialization.to_bytes wrote", () => {
  it("parameters by their place, kernels as Flax keeps them, an optimizer's state left out", async () => {
    const moments = map(["mu", conv]);
    const root = map(
      ["params", map(["Conv_0", conv])],
      ["batch_stats", map(["BatchNorm_0", map(["mean", array([3], "float32", [0, 1, 2])])])],
      ["opt_state", moments],
      ["step", [0xcd, 1, 0]],
    );
    await withModel(file("state.msgpack", root), async (graph) => {
      assert.equal(graph.format, "Flax msgpack");
      assert.deepEqual(
        graph.layers.map(({ name }) => name),
        ["Conv_0", "BatchNorm_0"],
      );
      const kernel = weightOf(layerOf(graph, "Conv_0"), "kernel");
      assert.deepEqual([kernel.shape, kernel.kernel], [[1, 1, 2, 3], "hwio"]);
      assert.deepEqual([...(await graph.weights.read(kernel.ref)).data], [1, 2, 3, 4, 5, 6]);
      assert.equal(weightOf(layerOf(graph, "BatchNorm_0"), "mean").trainable, false);
    });
  });
  for (const [what, bytes, says] of [
    ["cut short", map(["params", conv]).slice(0, -3), /cut short/],
    ["no tensors", map(["params", map(["a", [1]])]), /holds no tensors/],
    [
      "another size than its shape",
      map(["a", map(["kernel", array([9], "float32", [1])])]),
      /\[9\] of float32 in 4 bytes/,
    ],
    ["a list of thousands of millions", map(["a", [0xdd, 255, 255, 255, 255]]), /cut short/],
    [
      "maps without end",
      [
        ...map(["a", [0]]).slice(0, -1),
        ...Array.from({ length: 2000 }, () => [0x81, 0xa1, 97]).flat(),
      ],
      /nests without end/,
    ],
    ["what is behind it", [...map(["a", conv]), 0], /holds no tensors/],
  ] as const)
    // prettier-ignore
    it(`as an attack: ${what}`, async () => {
      assert.match(await sentence(file(`${what.replaceAll(" ", "-")}.msgpack`, bytes)), says);
    });
});
