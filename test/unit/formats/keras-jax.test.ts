/** Keras 3 with the JAX backend writes the same `.keras`: what JAX computes is what is computed here. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { floats, type FloatTensor } from "../../../src/base/tensor.ts";
import { assertClose, onEachEngine } from "../../golden/support.ts";
import { fixture, withModel } from "./support.ts";

interface Saved {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
const told = JSON.parse(readFileSync(fixture("jax/jax.json"), "utf8")) as {
  readonly backend: string;
  readonly input: Saved;
  readonly output: Saved;
};
const asTensor = ({ shape, data }: Saved): FloatTensor => floats(shape, Float32Array.from(data));

describe("jax.keras against JAX", () => {
  onEachEngine((engine) => {
    it("its output", async () => {
      assert.equal(told.backend, "jax");
      await withModel(fixture("jax/jax.keras"), async (graph) => {
        const [input, output] = [graph.inputs[0], graph.outputs[0]];
        assert.ok(input && output);
        const program = await engine().compile(graph, [input.node], [output.node]);
        const [found] = await program.run([asTensor(told.input)]);
        assertClose(found as FloatTensor, asTensor(told.output), "output");
        engine().release(graph);
      });
    });
  });
});
