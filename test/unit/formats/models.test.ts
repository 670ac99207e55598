import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fixture, sentence, withModel } from "./support.ts";

/** One row of test/models/models.json: what a file is, or the error it must give. */
interface Row {
  readonly format?: string;
  readonly layers?: number;
  readonly opaque?: readonly string[];
  readonly error?: string;
}

const rows = JSON.parse(readFileSync(fixture("models.json"), "utf8")) as Record<string, Row>;
const isModel = (name: string): boolean =>
  /\.(h5|keras|onnx|pth?|pkl|pt2|ptl|safetensors|tflite)$|(?<!keras_metadata)\.pb$|(^|\/)model\.json$/.test(
    name,
  );

describe("every file in test/models", () => {
  it("has its row in models.json", () => {
    const files = readdirSync(fixture("."), { recursive: true, encoding: "utf8" })
      .map((name) => name.replaceAll("\\", "/"))
      .filter(isModel);
    assert.deepEqual(Object.keys(rows).sort(), files.sort());
  });
  for (const [name, row] of Object.entries(rows))
    it(name, async () => {
      if (row.error !== undefined) {
        assert.match(await sentence(fixture(name)), new RegExp(row.error));
        return;
      }
      await withModel(fixture(name), async (graph) => {
        assert.equal(graph.format, row.format);
        assert.equal(graph.layers.length, row.layers);
        const opaque = graph.layers.filter((layer) => layer.opaque !== null);
        assert.deepEqual(
          opaque.map((layer) => layer.name),
          row.opaque ?? [],
        );
        for (const node of graph.nodes)
          if (!opaque.some(({ nodes }) => nodes.includes(node.id)))
            assert.ok(!node.shape.slice(1).includes(null), `${node.id}: ${node.shape.join()}`);
        const [weight] = graph.layers.flatMap(({ weights }) => weights);
        if (weight && !name.includes("external-storage"))
          assert.deepEqual((await graph.weights.read(weight.ref)).shape, weight.shape);
      });
    });
});
