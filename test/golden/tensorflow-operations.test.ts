import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { differentiate } from "../../src/engine/index.ts";
import { readModel } from "../../src/formats/index.ts";
import { floats } from "../../src/base/tensor.ts";
import { assertClose, model, onEachEngine } from "./support.ts";

/**
 * TensorFlow's own operations in tiny frozen graphs, with what TensorFlow 2.15 computes for them: the output, and the gradient
 * of its sum (test/support/make-tensorflow-fixtures.py).
 */
interface Recorded {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Expected {
  readonly input: Recorded;
  readonly output: Recorded;
  readonly gradient: Recorded;
}

const folder = model("tensorflow");
const files = readdirSync(folder).filter((name) => name.endsWith(".pb"));
const tensor = ({ shape, data }: Recorded) => floats(shape, Float32Array.from(data));

describe("TensorFlow operations compute what TensorFlow computes", () => {
  onEachEngine((engine) => {
    for (const file of files)
      it(file, async () => {
        const expected = JSON.parse(
          readFileSync(path.join(folder, file.replace(/pb$/, "expected.json")), "utf8"),
        ) as Expected;
        const graph = await readModel(path.join(folder, file));
        try {
          assert.deepEqual(
            graph.layers.filter(({ opaque }) => opaque !== null).map(({ opaque }) => opaque),
            [],
          );
          const [input, output] = [graph.inputs[0], graph.outputs[0]];
          assert.ok(input && output);
          const made = differentiate(graph, output.node, [input.node]);
          const gradient = made.grads[0] ?? assert.fail("no gradient");
          const program = await engine().compile(made.graph, [input.node], [output.node, gradient]);
          const [value, slope] = await program.run([tensor(expected.input)]);
          assert.ok(value && slope);
          assert.deepEqual(value.shape, expected.output.shape);
          assertClose(
            floats(value.shape, value.data as Float32Array),
            tensor(expected.output),
            "output",
          );
          assertClose(
            floats(slope.shape, slope.data as Float32Array),
            tensor(expected.gradient),
            "gradient",
          );
          engine().release(graph);
        } finally {
          graph.weights.close();
        }
      });
  });
});
