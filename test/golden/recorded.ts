/** Tiny models beside what their own library computes for them, `NAME.json`: inputs and outputs, float32. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readModel } from "../../src/formats/index.ts";
import { transposeNumbers } from "../../src/formats/lower/host.ts";
import type { Engine } from "../../src/engine/types.ts";
import type { ModelGraph } from "../../src/graph/index.ts";
import { floats, type FloatTensor, type TensorData } from "../../src/base/tensor.ts";

/** Numbers as a script of Python wrote them down. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
export const tensorOf = ({ shape, data }: Numbers): FloatTensor =>
  floats(shape, Float32Array.from(data));

export interface Recorded extends Numbers {
  readonly name: string | null;
}
export interface RecordedCase {
  readonly inputs: readonly Recorded[];
  readonly outputs: readonly Recorded[];
}

/** float32 on both sides: differences are rounding. */
const TOLERANCE = 1e-4;

/** Runs a model and compares all of its outputs; nothing in it may be opaque. */
export async function compareRecorded(file: string, engine: Engine): Promise<void> {
  const json = file.replace(/\.\w+$/, ".json");
  const expected = JSON.parse(readFileSync(json, "utf8")) as RecordedCase;
  const [, rows, columns] = expected.inputs[0]?.shape ?? [];
  const graph = await readModel(file, { inputSize: [rows ?? 1, columns ?? 1] });
  try {
    const opaque = graph.layers.flatMap((layer) => layer.opaque ?? []);
    assert.deepEqual(opaque, []);
    assert.equal(graph.outputs.length, expected.outputs.length);
    const program = await engine.compile(
      graph,
      graph.inputs.map(({ node }) => node),
      graph.outputs.map(({ node }) => node),
    );
    const results = await program.run(feedsOf(graph, expected));
    graph.outputs.forEach(({ name, fileShape }, i) => {
      const found = expected.outputs.find((output) => output.name === name) ?? expected.outputs[i];
      const actual = results[i];
      assert.ok(found && actual);
      const wanted = fileShape ? channelsLast(found) : found;
      assert.deepEqual((fileShape ?? wanted.shape).slice(1), found.shape.slice(1));
      compare(actual, wanted, `output ${i} (${name})`);
    });
    engine.release(graph);
  } finally {
    graph.weights.close();
  }
}

function feedsOf(graph: ModelGraph, { inputs }: RecordedCase): TensorData[] {
  return graph.inputs.map(({ name, fileShape }, i) => {
    const found = inputs.find((input) => input.name === name) ?? inputs[i];
    assert.ok(found, `no input '${name}'`);
    const given = fileShape ? channelsLast(found) : found;
    return floats(given.shape, Float32Array.from(given.data));
  });
}

/** What was recorded in the order [N, C, ...] as the graph keeps it. */
function channelsLast({ name, shape, data }: Recorded): Recorded {
  const moved = transposeNumbers({ kind: "numbers", type: "float", shape, data }, [
    0,
    ...shape.map((_, axis) => axis).slice(2),
    1,
  ]);
  return { name, shape: moved.shape, data: moved.data };
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
