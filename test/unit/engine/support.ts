import { createEngine, type Engine } from "../../../src/engine/index.ts";
import { nativeStatus } from "../../../src/engine/native/load.ts";
import type { EngineName } from "../../../src/shared/engines.ts";
import type { GraphNode, ModelGraph, WeightStore } from "../../../src/graph/index.ts";
import type { DType, TensorData } from "../../../src/base/tensor.ts";
import { count } from "./reference/arrays.ts";

/** Numbers between 0 and 1, the same in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
export const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

export function tensor(
  dtype: DType,
  shape: readonly number[],
  values: readonly number[],
): TensorData {
  if (dtype === "float32") return { dtype, shape, data: Float32Array.from(values) };
  if (dtype === "int32") return { dtype, shape, data: Int32Array.from(values) };
  return { dtype, shape, data: Uint8Array.from(values) };
}
export function noise(shape: readonly number[], seed: number): TensorData {
  const next = random(seed);
  return tensor(
    "float32",
    shape,
    Array.from({ length: count(shape) }, () => normal(next)),
  );
}

/** Parameters in memory that count how often each was read. */
export class MemoryWeights implements WeightStore {
  readonly reads = new Map<string, number>();
  readonly values = new Map<string, TensorData>();
  read(ref: string): Promise<TensorData> {
    this.reads.set(ref, (this.reads.get(ref) ?? 0) + 1);
    const value = this.values.get(ref);
    return value ? Promise.resolve(value) : Promise.reject(new Error(`no parameter ${ref}`));
  }
  close(): void {
    this.values.clear();
  }
}
export const graphOf = (
  nodes: readonly GraphNode[],
  weights: WeightStore = new MemoryWeights(),
): ModelGraph => ({
  format: "test",
  producer: null,
  inputs: [],
  outputs: [],
  nodes,
  layers: [],
  weights,
  notes: [],
});

/** The largest difference over the largest expected magnitude (at least `floor`). NaN where one is NaN. */
export function distance(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  floor = 1e-3,
): number {
  let scale = floor;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i] ?? NaN));
    const off = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    error = Number.isNaN(off) ? Infinity : Math.max(error, off);
  }
  return error / scale;
}

/** Runs a suite once per engine; an engine that is not there is shown as skipped, with its reason. */
export function onEachEngine(suite: (engine: () => Engine, name: EngineName) => void): void {
  for (const name of ["native", "wasm"] as const)
    describe(`on ${name}`, () => {
      let engine: Engine | undefined;
      before(async function () {
        const status = name === "native" ? nativeStatus(true) : null;
        if (status && !status.ready) {
          console.log(`      skipped: native not there (${status.reason ?? ""})`);
          this.skip();
        }
        ({ engine } = await createEngine(name));
      });
      after(() => {
        engine?.dispose();
      });
      suite(() => {
        if (!engine) throw new Error("the engine has not started");
        return engine;
      }, name);
    });
}
