/** Some of ONNX's own backend tests (test/support/make-onnx-operators.py); the conformance run has them all. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readModel } from "../../src/formats/index.ts";
import type { DType, TensorData } from "../../src/base/tensor.ts";
import { asTensor, toGraphOrder } from "../conformance/lib/arrays.ts";
import { onEachEngine } from "./support.ts";

interface Recorded {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** "NaN", "Infinity" and "-Infinity" are words. */
  readonly data: readonly (number | string)[];
}
interface Case {
  readonly name: string;
  readonly model: string;
  readonly inputs: readonly Recorded[];
  readonly outputs: readonly Recorded[];
}
const file = fileURLToPath(new URL("data/onnx-operators.json", import.meta.url));
const cases = JSON.parse(readFileSync(file, "utf8")) as readonly Case[];

/** In the graph's order of axes, where the file's is another one. */
function tensor({ dtype, shape, data }: Recorded, channelsFirst: boolean): TensorData {
  const array = { shape, data: Float64Array.from(data, Number) };
  return asTensor(toGraphOrder(array, channelsFirst), dtype);
}

describe("ONNX operators compute what ONNX's tests want", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-onnx-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  onEachEngine((engine) => {
    for (const { name, model, inputs, outputs } of cases)
      it(name, async () => {
        const written = path.join(folder, `${name}.onnx`);
        writeFileSync(written, Buffer.from(model, "base64"));
        const graph = await readModel(written);
        try {
          const wanted = graph.outputs.map((spec, i) => {
            const one = outputs[i];
            assert.ok(one, spec.name);
            return tensor(one, spec.fileShape !== undefined);
          });
          assert.equal(wanted.length, outputs.length);
          const program = await engine().compile(
            graph,
            graph.inputs.map(({ node }) => node),
            graph.outputs.map(({ node }) => node),
          );
          const fed = graph.inputs.map((spec, i) => {
            const one = inputs[i];
            assert.ok(one, spec.name);
            return tensor({ ...one, dtype: spec.dtype }, spec.fileShape !== undefined);
          });
          const results = await program.run(fed);
          for (const [i, { shape, data }] of wanted.entries()) {
            const actual = results[i];
            assert.ok(actual);
            assert.deepEqual(actual.shape, [...shape]);
            data.forEach((value, cell) => {
              const ours = actual.data[cell] ?? NaN;
              const same = Object.is(ours, value) || Math.abs(ours - value) <= 1e-6;
              assert.ok(same || ours === value, `cell ${cell} is ${ours} and should be ${value}`);
            });
          }
        } finally {
          engine().release(graph);
          graph.weights.close();
        }
      });
  });
});
