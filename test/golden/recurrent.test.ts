/** Recognisers of text, convolutions and recurrent layers in both directions (test/support/make-recurrent.py), as PyTorch has them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { differentiate } from "../../src/engine/index.ts";
import { readModel } from "../../src/formats/index.ts";
import { GraphBuilder } from "../../src/graph/index.ts";
import { floats, type FloatTensor, type TensorData } from "../../src/base/tensor.ts";
import { transpose } from "../conformance/lib/arrays.ts";
import type { Numbers } from "./recorded.ts";
import { assertClose, model, onEachEngine } from "./support.ts";

type Case = Readonly<Record<"input" | "output" | "seed" | "gradient", Numbers>>;
/** The axes of what the file gives, steps first in one of them. */
const FILES = { "crnn.onnx": [1, 0, 2], "gru.pt2": [0, 1, 2] } as const;

const moved = ({ shape, data }: Numbers, axes: readonly number[]): FloatTensor => {
  const array = transpose({ shape, data: Float64Array.from(data) }, axes);
  return floats(array.shape, Float32Array.from(array.data));
};

const asFloats = ({ shape, data }: TensorData): FloatTensor =>
  floats(shape, Float32Array.from(data));

describe("recurrent layers behind convolutions", () => {
  onEachEngine((engine) => {
    for (const [name, axes] of Object.entries(FILES))
      it(`${name}: what each step of each picture gives, and its gradient`, async () => {
        const file = model(`recurrent/${name}`);
        const told = JSON.parse(readFileSync(file.replace(/\.\w+$/, ".json"), "utf8")) as Case;
        const graph = await readModel(file);
        try {
          const [[input], [output]] = [graph.inputs, graph.outputs];
          assert.ok(input && output);
          // written for one picture, run with two
          assert.deepEqual([input.shape[0], output.shape[0]], [null, null]);
          const builder = new GraphBuilder(graph.nodes);
          const seed = builder.input("seed", output.shape);
          const seeded = { ...graph, nodes: builder.nodes };
          const { graph: whole, grads } = differentiate(seeded, output.node, [input.node], seed);
          const gradient = grads[0];
          assert.ok(gradient);
          const program = await engine().compile(
            whole,
            [input.node, seed],
            [output.node, gradient],
          );
          const fed = [moved(told.input, [0, 2, 3, 1]), moved(told.seed, axes)];
          const [given, slope] = await program.run(fed);
          assert.ok(given && slope);
          assertClose(asFloats(given), moved(told.output, axes), "output");
          assertClose(asFloats(slope), moved(told.gradient, [0, 2, 3, 1]), "gradient");
          engine().release(whole);
        } finally {
          graph.weights.close();
        }
      });
  });
});
