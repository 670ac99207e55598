import assert from "node:assert/strict";
import { differentiate } from "../../../src/engine/index.ts";
import type { Backward } from "../../../src/engine/ops/compose.ts";
import { loadBinding } from "../../../src/engine/native/load.ts";
import { openHeap } from "../../../src/engine/wasm/heap.ts";
import { ConvLensError } from "../../../src/base/errors.ts";
import { GraphBuilder, type ModelGraph, type NodeId } from "../../../src/graph/index.ts";
import type { TensorData } from "../../../src/base/tensor.ts";
import { distance, graphOf, MemoryWeights, noise, onEachEngine, tensor } from "./support.ts";

const CONV = { strides: [1, 1], padding: "same", dilations: [1, 1] } as const;
const FLAT = { transposeA: false, transposeB: false } as const;

/** A residual block and a small head: x -> conv -> batch norm -> relu -> (conv + skip) -> pool -> dense. */
function residual(): { graph: ModelGraph; weights: MemoryWeights; ids: Record<string, NodeId> } {
  const builder = new GraphBuilder();
  const weights = new MemoryWeights();
  const weight = (ref: string, shape: number[], seed: number): NodeId => {
    const value = noise(shape, seed);
    weights.values.set(ref, ref === "variance" ? { ...value, data: Float32Array.from(value.data, (v) => 1 + v * v) } : value); // prettier-ignore
    return builder.weight(ref, shape);
  };
  const x = builder.input("x", [null, 6, 6, 2]);
  const first = builder.add("conv2d", "first", [x, weight("k1", [3, 3, 2, 4], 1)], CONV);
  const norm = builder.add(
    "batchNorm",
    "norm",
    [first, ...["scale", "offset", "mean", "variance"].map((ref, i) => weight(ref, [4], 2 + i))],
    { epsilon: 1e-3 },
  );
  const relu = builder.add("relu", "relu", [norm]);
  const second = builder.add("conv2d", "second", [relu, weight("k2", [3, 3, 4, 4], 7)], CONV);
  const sum = builder.add("add", "sum", [second, relu]);
  const pooled = builder.add("mean", "pooled", [sum], { axes: [1, 2], keepDims: false });
  const logits = builder.add("matMul", "logits", [pooled, weight("dense", [4, 3], 8)], FLAT);
  const probabilities = builder.add("softmax", "probabilities", [logits]);
  return {
    graph: graphOf(builder.nodes, weights),
    weights,
    ids: { x, first, relu, sum, logits, probabilities },
  };
}
const id = (ids: Record<string, NodeId>, name: string): NodeId => ids[name] ?? assert.fail(name);
const isError = (kind: string, pattern: RegExp) => (error: unknown) =>
  error instanceof ConvLensError && error.kind === kind && pattern.test(error.message);
const first = (values: readonly TensorData[]): TensorData => values[0] ?? assert.fail("no value");
const total = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0);
/** A second moment for what is freed asynchronously. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("graphs", () => {
  it("gives null where there is no dependence, and the seed where there is nothing between", () => {
    const { graph, ids } = residual();
    const { grads } = differentiate(graph, id(ids, "relu"), [id(ids, "logits"), id(ids, "relu")]);
    assert.equal(grads[0], null);
    assert.match(grads[1] ?? "", /seed/);
  });
  it("adds no node upstream of what is asked", () => {
    const { graph, ids } = residual();
    const { graph: whole } = differentiate(graph, id(ids, "logits"), [id(ids, "sum")]);
    const added = whole.nodes.slice(graph.nodes.length);
    assert.ok(added.length > 0);
    assert.ok(!added.some(({ op }) => op === "conv2dInputGrad" || op === "reluGrad"));
  });
  it("takes a rule instead of its own, as guided backpropagation does", () => {
    const { graph, ids } = residual();
    const before = differentiate(graph, id(ids, "logits"), [id(ids, "x")]);
    const after = differentiate(graph, id(ids, "logits"), [id(ids, "x")], undefined, {
      relu: (g: Backward<"relu">, x) => [() => g.op("relu", [g.op("reluGrad", [g.dy, x])])],
    });
    const relus = ({ graph: { nodes } }: typeof before) => nodes.filter(({ op }) => op === "relu");
    assert.equal(relus(after).length, relus(before).length + 1);
  });
  it("does not pass through what is opaque, and says why", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 3]);
    const odd = builder.opaque("odd", [x], "a Lambda layer", [null, 3]);
    const y = builder.add("relu", "y", [odd]);
    assert.throws(
      () => differentiate(graphOf(builder.nodes), y, [x]),
      isError("input", /'odd'.*a Lambda layer/),
    );
  });

  onEachEngine((engine, name) => {
    const held = async (): Promise<number> => {
      if (name === "wasm") return (await openHeap()).backend.numDataIds();
      const answer = loadBinding();
      return "binding" in answer
        ? answer.binding.getNumOfTensors() + answer.binding.getNumOfSavedModels()
        : NaN;
    };
    const evaluate = async (
      graph: ModelGraph,
      feeds: Record<NodeId, TensorData>,
      fetches: NodeId[],
    ): Promise<TensorData[]> => {
      const program = await engine().compile(graph, Object.keys(feeds), fetches);
      return program.run(Object.values(feeds));
    };

    it("runs rows in parts where the file fixes its batch, with equal numbers", async () => {
      const fixed = (batch: number | null): { graph: ModelGraph; x: NodeId; ys: NodeId[] } => {
        const builder = new GraphBuilder();
        const x = builder.input("x", [batch, 4]);
        const twice = builder.add("add", "twice", [x, x]);
        const inTwos = builder.add("reshape", "in_twos", [twice], {
          shape: [batch === null ? null : 2 * batch, 2],
        });
        const inputs = [{ name: "x", node: x, shape: [batch, 4], dtype: "float32" } as const];
        return { graph: { ...graphOf(builder.nodes), inputs }, x, ys: [twice, inTwos] };
      };
      const rows = noise([5, 4], 60);
      const [free, ...parts] = await Promise.all(
        [null, 1, 2, 3, 8].map(async (batch) => {
          const { graph, x, ys } = fixed(batch);
          const program = await engine().compile(graph, [x], ys);
          assert.equal(program.batch, batch);
          return program.run([rows]);
        }),
      );
      assert.deepEqual(free?.[1]?.shape, [10, 2]);
      for (const values of parts) assert.deepEqual(values, free);
    });
    it("differentiates through branches", async () => {
      const { graph, ids } = residual();
      const [x, logits] = [id(ids, "x"), id(ids, "logits")];
      const { graph: whole, grads } = differentiate(graph, logits, [x]);
      const start = noise([1, 6, 6, 2], 50);
      const slope = first(await evaluate(whole, { [x]: start }, [grads[0] ?? ""]));
      const program = await engine().compile(graph, [x], [logits]);
      const way = noise([1, 6, 6, 2], 51);
      const score = async (step: number): Promise<number> => {
        const data = Float32Array.from(start.data, (v, i) => v + step * (way.data[i] ?? 0));
        const value = first(await program.run([{ ...start, data }]));
        return total(value.data);
      };
      const step = 1e-3;
      const truth = ((await score(step)) - (await score(-step))) / (2 * step);
      const found = total(Float64Array.from(slope.data, (v, i) => v * (way.data[i] ?? 0)));
      // float32 differences keep about three digits
      assert.ok(distance([found], [truth]) < 5e-3, `${found} against ${truth}`);
    });

    it("gives the gradient of a fed intermediate, without what lies below it", async () => {
      const { graph, weights, ids } = residual();
      const [sum, logits] = [id(ids, "sum"), id(ids, "logits")];
      const { graph: whole, grads } = differentiate(graph, logits, [sum]);
      const value = noise([2, 6, 6, 4], 52);
      const slope = first(await evaluate(whole, { [sum]: value }, [grads[0] ?? ""]));
      const dense = weights.values.get("dense")?.data ?? [];
      const expected = [...slope.data].map(
        (_, i) => [0, 1, 2].reduce((total, c) => total + (dense[(i % 4) * 3 + c] ?? 0), 0) / 36,
      );
      assert.ok(distance(slope.data, expected) < 1e-5);
      assert.equal(weights.reads.get("k1"), undefined);
    });

    it("differentiates a graph that has gradients already", async () => {
      const { graph, ids } = residual();
      const [x, relu, logits] = ["x", "relu", "logits"].map((name) => id(ids, name));
      assert.ok(x && relu && logits);
      const once = differentiate(graph, logits, [relu]);
      const twice = differentiate(once.graph, logits, [relu, x]);
      const fetches = [once.grads[0] ?? "", twice.grads[0] ?? "", twice.grads[1] ?? ""];
      const values = await evaluate(twice.graph, { [x]: noise([2, 6, 6, 2], 53) }, fetches);
      assert.deepEqual(values[0]?.data, values[1]?.data);
      assert.deepEqual(values[2]?.shape, [2, 6, 6, 2]);
    });

    it("differentiates a gradient", async () => {
      const builder = new GraphBuilder();
      const x = builder.input("x", [null, 3]);
      const y = builder.add("mul", "y", [x, builder.add("square", "x2", [x])]);
      const once = differentiate(graphOf(builder.nodes), y, [x]);
      const twice = differentiate(once.graph, once.grads[0] ?? "", [x]);
      const at = tensor("float32", [1, 3], [1, -2, 0.5]);
      const value = first(await evaluate(twice.graph, { [x]: at }, [twice.grads[0] ?? ""]));
      assert.ok(distance(value.data, [6, -12, 3]) < 1e-5);
    });

    it("fetches anything: inputs, parameters, the same node twice, several layers", async () => {
      const { graph, weights, ids } = residual();
      const [x, relu, probabilities] = ["x", "relu", "probabilities"].map((n) => id(ids, n));
      assert.ok(x && relu && probabilities);
      const fed = noise([2, 6, 6, 2], 54);
      const values = await evaluate(graph, { [x]: fed }, [relu, x, "k1", probabilities, relu]);
      assert.deepEqual(values[0], values[4]);
      assert.deepEqual(values[1]?.data, fed.data);
      assert.deepEqual(values[2]?.data, weights.values.get("k1")?.data);
      const rows = [0, 3].map((at) => total(values[3]?.data.slice(at, at + 3) ?? []));
      assert.ok(distance(rows.map(Number), [1, 1]) < 1e-6);
    });

    it("fetches what stands between operations that an engine makes one", async () => {
      const builder = new GraphBuilder();
      const weights = new MemoryWeights();
      weights.values.set("k", noise([3, 3, 2, 4], 1));
      weights.values.set("b", noise([4], 2));
      const x = builder.input("x", [null, 6, 6, 2]);
      const conv = builder.add("conv2d", "conv", [x, builder.weight("k", [3, 3, 2, 4])], CONV);
      const biased = builder.add("biasAdd", "biased", [conv, builder.weight("b", [4])]);
      const gate = builder.add("sigmoid", "gate", [biased]);
      const swish = builder.add("mul", "swish", [biased, gate]);
      const relu = builder.add("relu", "relu", [biased]);
      const graph = graphOf(builder.nodes, weights);
      const input = noise([1, 6, 6, 2], 3);
      const run = (fetches: NodeId[]): Promise<TensorData[]> =>
        evaluate(graph, { [x]: input }, fetches);
      const alone = new Map<NodeId, TensorData>();
      for (const one of [conv, biased, gate, swish, relu]) alone.set(one, first(await run([one])));
      for (const fetches of [
        [biased, swish],
        [conv, swish],
        [gate, swish],
        [conv, biased],
        [biased, relu],
        [conv, biased, gate, swish, relu],
      ]) {
        const values = await run(fetches);
        fetches.forEach((one, i) => {
          const [value, expected] = [values[i], alone.get(one)];
          assert.ok(value && expected && distance([...value.data], [...expected.data]) < 1e-5, one);
        });
      }
      engine().release(graph);
      await settled();
    });

    it("changes the batch size from run to run, and gives the same twice", async () => {
      const { graph, ids } = residual();
      const [x, logits] = [id(ids, "x"), id(ids, "logits")];
      const { graph: whole, grads } = differentiate(graph, logits, [x]);
      const program = await engine().compile(whole, [x], [logits, grads[0] ?? ""]);
      const three = noise([3, 6, 6, 2], 55);
      const one = { ...three, shape: [1, 6, 6, 2], data: three.data.slice(0, 72) };
      const all = await program.run([three]);
      const single = await program.run([one]);
      const again = await program.run([three]);
      assert.deepEqual(all, again);
      assert.ok(distance(single[0]?.data ?? [], all[0]?.data.slice(0, 3) ?? [NaN]) < 1e-5);
      assert.ok(distance(single[1]?.data ?? [], all[1]?.data.slice(0, 72) ?? [NaN]) < 1e-5);
    });

    it("reads each parameter once for all programs, and frees everything on release", async () => {
      const { graph, weights, ids } = residual();
      const before = await held();
      const [x, relu, logits] = ["x", "relu", "logits"].map((n) => id(ids, n));
      assert.ok(x && relu && logits);
      const fed = { [x]: noise([1, 6, 6, 2], 56) };
      await evaluate(graph, fed, [relu]);
      await evaluate(graph, fed, [logits]);
      await evaluate({ ...graph, nodes: [...graph.nodes] }, fed, [logits]);
      assert.ok((await held()) > before);
      assert.equal(Math.max(...weights.reads.values()), 1);
      engine().release(graph);
      await settled();
      assert.equal(await held(), before);
      // and what was released is made again
      assert.equal((await evaluate(graph, fed, [logits])).length, 1);
      engine().release(graph);
      await settled();
      assert.equal(await held(), before);
    });

    it("names the first of many opaque layers, and counts the others", async () => {
      const builder = new GraphBuilder();
      let last = builder.input("x", [null, 3]);
      for (let i = 0; i < 40; i++) last = builder.opaque(`odd${i}`, [last], "a loop", [null, 3]);
      await assert.rejects(
        engine().compile(graphOf(builder.nodes, new MemoryWeights()), ["x"], [last]),
        isError("input", /^This needs 'odd0' \(a loop\), .* 'odd4' \(a loop\) and 35 more, which/),
      );
    });

    it("names the opaque layer in the way, and works before it and after it", async () => {
      const builder = new GraphBuilder();
      const x = builder.input("x", [null, 3]);
      const before = builder.add("relu", "before", [x]);
      const odd = builder.opaque("odd", [before], "custom class Swirl", [null, 3]);
      const after = builder.add("neg", "after", [odd]);
      const graph = graphOf(builder.nodes);
      const value = tensor("float32", [1, 3], [-1, 2, 3]);
      await assert.rejects(engine().compile(graph, [x], [after]), isError("input", /'odd'.*Swirl/));
      const ahead = await evaluate(graph, { [x]: value }, [before]);
      const behind = await evaluate(graph, { [odd]: value }, [after]);
      assert.deepEqual([...first(ahead).data], [0, 2, 3]);
      assert.deepEqual([...first(behind).data], [1, -2, -3]);
    });

    it("refuses feeds that do not fit, in words", async () => {
      const { graph, ids } = residual();
      const program = await engine().compile(graph, [id(ids, "x")], [id(ids, "logits")]);
      await assert.rejects(
        program.run([noise([1, 6, 5, 2], 57)]),
        isError("compute", /'x' takes float32 \[N, 6, 6, 2\], not float32 \[1, 6, 5, 2\]/),
      );
      await assert.rejects(program.run([]), isError("compute", /takes 1 tensors, not 0/));
      await assert.rejects(
        engine().compile(graph, [], [id(ids, "logits")]),
        isError("compute", /input 'x'/),
      );
      await assert.rejects(
        engine().compile(graph, [id(ids, "x")], ["nowhere"]),
        isError("compute", /no node 'nowhere'/),
      );
    });

    it("passes on why a parameter cannot be read, and tries again the next time", async () => {
      const { graph, weights, ids } = residual();
      const saved = weights.values.get("k1") ?? assert.fail();
      weights.values.delete("k1");
      const [x, logits] = [id(ids, "x"), id(ids, "logits")];
      await assert.rejects(engine().compile(graph, [x], [logits]), /no parameter k1/);
      weights.values.set("k1", saved);
      const values = await evaluate(graph, { [x]: noise([1, 6, 6, 2], 58) }, [logits]);
      assert.deepEqual(values[0]?.shape, [1, 3]);
    });

    it("carries NaN and infinities through", async () => {
      const builder = new GraphBuilder();
      const x = builder.input("x", [3]);
      const y = builder.add("log", "y", [x]);
      const values = await evaluate(graphOf(builder.nodes), { [x]: tensor("float32", [3], [-1, 0, 1]) }, [y]); // prettier-ignore
      assert.deepEqual([...first(values).data], [NaN, -Infinity, 0]);
    });

    it("rounds halves to the even number", async () => {
      const builder = new GraphBuilder();
      const x = builder.input("x", [5]);
      const y = builder.add("round", "y", [x]);
      const halves = tensor("float32", [5], [-2.5, -1.5, 0.5, 1.5, 2.5]);
      const values = await evaluate(graphOf(builder.nodes), { [x]: halves }, [y]);
      assert.deepEqual([...first(values).data], [-2, -2, 0, 2, 2]);
    });

    it("keeps whole numbers and booleans as they are", async () => {
      const builder = new GraphBuilder();
      const x = builder.input("x", [null], "int32");
      const flag = builder.input("flag", [null], "bool");
      const y = builder.add("reshape", "y", [x], { shape: [null, 1] });
      const no = builder.add("logicalNot", "no", [flag]);
      const values = await evaluate(
        graphOf(builder.nodes),
        { [x]: tensor("int32", [2], [7, -3]), [flag]: tensor("bool", [2], [1, 0]) },
        [y, no],
      );
      assert.deepEqual(values[0], tensor("int32", [2, 1], [7, -3]));
      assert.deepEqual(values[1], tensor("bool", [2], [0, 1]));
    });
  });
});
