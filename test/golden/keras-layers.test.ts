import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readModel } from "../../src/formats/index.ts";
import type { ModelGraph } from "../../src/shared/graph/index.ts";
import { floats, type TensorData } from "../../src/shared/tensor.ts";
import { model, onEachEngine } from "./support.ts";

/**
 * Every Keras layer that the reader knows, in tiny networks with random weights written by Keras 2.15 and Keras 3, against
 * what Keras computes (test/support/make-fixtures.py). float32 on both sides: differences are rounding.
 */
const TOLERANCE = 1e-4;

interface Recorded {
  readonly name: string | null;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Case {
  readonly inputs: readonly Recorded[];
  readonly outputs: readonly Recorded[];
}

const folder = model("keras");
/** `opaque` cannot run; the unit tests have it. */
const files = readdirSync(folder).filter(
  (name) => /\.(h5|keras)$/.test(name) && !name.startsWith("opaque"),
);

const recorded = (file: string): Case =>
  JSON.parse(
    readFileSync(path.join(folder, file.replace(/\.(h5|keras)$/, ".json")), "utf8"),
  ) as Case;

function feedsOf(graph: ModelGraph, { inputs }: Case): TensorData[] {
  return graph.inputs.map(({ name }, i) => {
    const given = inputs.find((input) => input.name === name) ?? inputs[i];
    assert.ok(given, `no input '${name}'`);
    return floats(given.shape, Float32Array.from(given.data));
  });
}

function compare(actual: TensorData, wanted: Recorded, what: string): void {
  assert.deepEqual(actual.shape, wanted.shape, what);
  const scale = wanted.data.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-6);
  let worst = 0;
  wanted.data.forEach((value, i) => {
    const difference = Math.abs((actual.data[i] ?? NaN) - value);
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  });
  assert.ok(worst <= TOLERANCE * scale, `${what}: off by ${worst} of ${scale}`);
}

describe("Keras layers compute what Keras computes", () => {
  onEachEngine((engine) => {
    for (const file of files)
      it(file, async () => {
        const expected = recorded(file);
        const [, rows, columns] = expected.inputs[0]?.shape ?? [];
        const size = [rows ?? 1, columns ?? 1] as const;
        const graph = await readModel(path.join(folder, file), { inputSize: size });
        try {
          assert.deepEqual(
            graph.layers.filter(({ opaque }) => opaque !== null).map(({ opaque }) => opaque),
            [],
          );
          assert.equal(graph.outputs.length, expected.outputs.length);
          const program = await engine().compile(
            graph,
            graph.inputs.map(({ node }) => node),
            graph.outputs.map(({ node }) => node),
          );
          const results = await program.run(feedsOf(graph, expected));
          graph.outputs.forEach(({ name }, i) => {
            const wanted =
              expected.outputs.find((output) => output.name === name) ?? expected.outputs[i];
            const actual = results[i];
            assert.ok(wanted && actual);
            compare(actual, wanted, `output ${i} (${name})`);
          });
          engine().release(graph);
        } finally {
          graph.weights.close();
        }
      });
  });
});
