import assert from "node:assert/strict";
import { differentiate } from "../../../src/engine/index.ts";
import { operations } from "../../../src/engine/ops/index.ts";
import { ConvLensError } from "../../../src/base/errors.ts";
import {
  type AttrsOf,
  GraphBuilder,
  type Made,
  type NodeId,
  type OpAttrs,
} from "../../../src/graph/index.ts";
import type { TensorData } from "../../../src/base/tensor.ts";
import { type Case, cases } from "./cases.ts";
import { inputsOf, label, toArray } from "./inputs.ts";
import type { Array64 } from "./reference/arrays.ts";
import { reference } from "./reference/index.ts";
import { distance, graphOf, noise, normal, onEachEngine, random } from "./support.ts";

/** Of the largest magnitude. Both engines keep to it, so they differ by less than 1e-4 from each other. */
const TOLERANCE = 5e-5;
/** Step of the central differences, taken in doubles. */
const STEP = 1e-6;
/** So many cells of an input are moved on their own. */
const CELLS = 16;

/** A case as a graph with its gradients, its feeds, and what it should give. */
function setUp<K extends Made>(op: K, one: Case<OpAttrs[K]>) {
  const feeds = inputsOf(op, one);
  const run = (inputs: readonly Array64[]): Array64 => reference[op](one.attrs, ...inputs);
  const inputs = feeds.map(toArray);
  const y = run(inputs);

  const builder = new GraphBuilder();
  const ids = one.inputs.map(({ shape, dtype }, i) =>
    builder.input(
      `x${i}`,
      shape.map((size) => (size === "N" ? null : size)),
      dtype,
    ),
  );
  const of = builder.add(op, "y", ids, ...([one.attrs] as unknown as AttrsOf<K>));
  const seed = builder.input("seed", builder.shape(of));
  const graph = graphOf(builder.nodes);
  const floats = ids.filter((_, i) => one.inputs[i]?.dtype === "float32");
  const wrt =
    builder.get(of).dtype === "float32"
      ? floats.filter((id) => !one.none.includes(ids.indexOf(id)))
      : [];
  const weights = noise(y.shape, 99);
  return { feeds, inputs, run, y, graph, ids, of, seed, wrt, weights };
}

/** A direction in the space of an input. */
type Direction = readonly number[];

/** Single cells (all of them where there are few), and one direction through all cells. */
function directions(size: number): Direction[] {
  const next = random(size);
  const cells = Array.from({ length: Math.min(size, CELLS) }, (_, i) =>
    size <= CELLS ? i : Math.floor(next() * size),
  );
  const none = Array.from({ length: size }, () => 0);
  return [...cells.map((cell) => none.with(cell, 1)), none.map(() => normal(next))];
}
/** The derivative of sum(y * weights) when inputs[index] moves along `direction`, by a central difference. */
function finiteDifference(
  run: (inputs: readonly Array64[]) => Array64,
  inputs: readonly Array64[],
  index: number,
  direction: Direction,
  weights: TensorData,
): number {
  const x = inputs[index];
  assert.ok(x);
  const score = (step: number): number => {
    const data = x.data.map((value, i) => value + step * (direction[i] ?? 0));
    return dot(run(inputs.with(index, { shape: x.shape, data })).data, weights.data);
  };
  return (score(STEP) - score(-STEP)) / (2 * STEP);
}
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? NaN) * (b[i] ?? NaN);
  return sum;
};
/** Derivatives by finite differences, shared by the two engines. */
const expectations = new Map<string, number[][]>();

describe("operations", () => {
  it("has rows for every operation", () => {
    assert.deepEqual(Object.keys(cases).sort(), Object.keys(operations).sort());
    for (const rows of Object.values(cases)) assert.ok(rows.length > 0);
  });

  onEachEngine((engine) => {
    for (const op of Object.keys(cases) as Made[])
      cases[op].forEach((one: Case<OpAttrs[Made]>, i: number) => {
        it(`${op} ${i}: ${label(one)}`, async () => {
          await check(op, one, `${op} ${i}`);
        });
      });

    async function check<K extends Made>(op: K, one: Case<OpAttrs[K]>, key: string): Promise<void> {
      const { feeds, inputs, run, y, graph, ids, of, seed, wrt, weights } = setUp(op, one);
      const { graph: whole, grads } = differentiate(graph, of, wrt, seed);
      const wanted = grads.filter((id): id is NodeId => id !== null);
      const program = await engine().compile(whole, [...ids, seed], [of, ...wanted]);
      const [value, ...slopes] = await program.run([...feeds, weights]);
      assert.ok(value);
      assert.deepEqual([...value.shape], [...y.shape]);
      const off = distance(value.data, y.data);
      assert.ok(off <= TOLERANCE, `value off by ${off}`);

      const ways = wrt.map((id) => directions(feeds[ids.indexOf(id)]?.data.length ?? 0));
      const expected =
        expectations.get(key) ??
        wrt.map((id, i) =>
          (ways[i] ?? []).map((way) =>
            finiteDifference(run, inputs, ids.indexOf(id), way, weights),
          ),
        );
      expectations.set(key, expected);
      wrt.forEach((id, i) => {
        const slope = slopes[wanted.indexOf(grads[i] ?? "")];
        const truth = expected[i] ?? [];
        if (slope) assert.deepEqual([...slope.shape], [...(feeds[ids.indexOf(id)]?.shape ?? [])]);
        const found = (ways[i] ?? []).map((way) => (slope ? dot(slope.data, way) : 0));
        const error = distance(found, truth);
        assert.ok(error <= TOLERANCE, `gradient of ${id} off by ${error}`);
      });
      for (const i of one.none)
        refuses(() => differentiate(graph, of, [ids[i] ?? ""], seed), op, i);
    }
  });
});

/** Parameters are frozen: asking for their gradient is an error, except where it is zero anyway. */
function refuses(ask: () => ReturnType<typeof differentiate>, op: Made, index: number): void {
  if (op === "maxPoolGrad" && index < 2) assert.deepEqual(ask().grads, [null]);
  else assert.throws(ask, (error) => error instanceof ConvLensError && error.kind === "compute");
}
