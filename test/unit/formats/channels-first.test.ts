import assert from "node:assert/strict";
import * as cf from "../../../src/formats/lower/index.ts";
import { transposeNumbers } from "../../../src/formats/lower/host.ts";
import { Unsupported } from "../../../src/formats/lower/unsupported.ts";
import type { TensorData } from "../../../src/base/tensor.ts";
import { distance, graphOf, noise, onEachEngine, random, tensor } from "../engine/support.ts";

const { BATCH, channelsLast, Lowering, Network, range } = cf;
type Value = cf.Value;

/** A picture [N, C, H, W] of the file, kept channels-last, and a layer to lower on it. */
function picture(shape: readonly (number | null)[]) {
  const network = new Network();
  const order = channelsLast(shape.length);
  const node = network.builder.input("x", order.map((axis) => shape[axis] ?? null)); // prettier-ignore
  const l = new Lowering(network, "layer");
  return { network, l, x: l.tensor(node, order) };
}
const toNumbers = ({ shape, data }: TensorData): cf.Numbers => cf.floats([...data], shape);
const moves = (network: cf.Network): number =>
  network.builder.nodes.filter(({ op }) => op === "transpose").length;

function parameter(name: string, value: TensorData): cf.Parameter {
  const { shape, dtype } = value;
  return { kind: "parameter", name, ref: name, fileShape: shape, shape, dtype, read: () => value };
}

describe("channels-first layers", () => {
  it("transposes without a node, and reshapes without one where groups of axes stay together", () => {
    const { network, l, x } = picture([null, 6, 4, 5]);
    const tokens = cf.transpose(l, cf.flatten(l, x, 2), [0, 2, 1]);
    assert.deepEqual(tokens.shape, [BATCH, 20, 6]);
    assert.deepEqual(cf.channelsLast(3), [0, 2, 1]);
    const pooled = cf.flatten(l, cf.globalPool(l, x, "mean"), 1);
    assert.deepEqual(pooled.shape, [BATCH, 6]);
    assert.equal(moves(network), 0);
    const flat = cf.flatten(l, x, 1);
    assert.deepEqual(flat.shape, [BATCH, 120]);
    assert.equal(moves(network), 1);
  });

  it("moves axes once for a channel shuffle", () => {
    const { network, l, x } = picture([null, 6, 4, 5]);
    const parted = cf.reshape(l, x, [BATCH, 2, 3, 4, 5]);
    const shuffled = cf.reshape(l, cf.transpose(l, parted, [0, 2, 1, 3, 4]), [-1, 6, 4, 5]);
    assert.deepEqual(shuffled.shape, [BATCH, 6, 4, 5]);
    assert.deepEqual(shuffled.kind === "tensor" && shuffled.order, channelsLast(4));
    assert.equal(moves(network), 1);
  });

  it("refuses to move the free batch, and to compute with its size", () => {
    const { l, x } = picture([null, 6, 4, 5]);
    const moved = cf.transpose(l, x, [1, 0, 2, 3]);
    assert.throws(() => l.node(moved), Unsupported);
    assert.throws(() => l.node(cf.ints([BATCH * 2])), Unsupported);
    assert.throws(() => cf.reshape(l, x, [7, -1]), Unsupported);
  });

  it("refuses what mixes the pictures of a free batch", () => {
    const { l, x } = picture([null, 6, 4, 5]);
    const backwards = cf.reshape(l, x, [-1, 120]);
    for (const mixed of [
      () => cf.reduce(l, "mean", x, [0, 2], true),
      () => cf.cumSum(l, x, 0, { exclusive: false, reverse: false }),
      () => cf.argMax(l, x, 0, { keepDims: false, last: false }),
      () => cf.slice(l, x, [0], [0], [1], [1]),
      () => cf.slice(l, x, [0], [-1], [-BATCH - 1], [-1]),
      () => cf.concat(l, [x, x], 0),
      () => cf.gather(l, x, cf.ints([0, 0]), 0),
      () => cf.matMul(l, cf.transpose(l, backwards, [1, 0]), backwards),
      () => cf.softmax(l, cf.reduce(l, "sum", backwards, [1], false), 0),
    ])
      assert.throws(mixed, (error) => error instanceof Unsupported || error instanceof RangeError);
  });

  it("counts a free batch in shapes of any factoring", () => {
    const { l, x } = picture([null, 6, 4, 5]);
    const rows = cf.reshape(l, x, [BATCH * 2, 3, 20]);
    assert.deepEqual(rows.shape, [BATCH * 2, 3, 20]);
    assert.deepEqual(cf.reshape(l, rows, [-1, 6, 4, 5]).shape, [BATCH, 6, 4, 5]);
  });

  it("reads kernels in the graph's order, once, under addresses of their own", async () => {
    const { network, l, x } = picture([null, 2, 4, 5]);
    const kernel = noise([3, 2, 3, 3], 1);
    cf.convolution(l, x, parameter("k", kernel), null, same, 1);
    const [use] = [...l.uses.values()];
    assert.deepEqual(use?.shape, [3, 3, 2, 3]);
    assert.equal(use.kernel, "hwio");
    const store = network.store(() => undefined);
    const read = await store.read(use.ref);
    assert.deepEqual(read.shape, [3, 3, 2, 3]);
    assert.deepEqual([...read.data], transposeNumbers(toNumbers(kernel), [2, 3, 1, 0]).data);
    await assert.rejects(store.read("other"), RangeError);
  });

  it("reads a kernel that the file has in the graph's order as it is", async () => {
    const { network, l, x } = picture([null, 2, 4, 5]);
    const stored = parameter("k", noise([3, 3, 2, 4], 1));
    cf.convolution(l, x, cf.transpose(l, stored, [3, 2, 0, 1]), null, same, 1);
    const own = parameter("d", noise([3, 3, 2, 5], 2));
    const first = cf.reshape(l, cf.transpose(l, own, [2, 3, 0, 1]), [10, 1, 3, 3]);
    cf.convolution(l, x, first, null, same, 2);
    const uses = [...l.uses.values()];
    assert.deepEqual(uses.map(({ ref, kernel }) => [ref, kernel]), [["k", "hwio"], ["d", "hwcm"]]); // prettier-ignore
    const dense = parameter("w", noise([2, 6], 3));
    const cell = cf.reshape(l, cf.transpose(l, dense, [1, 0]), [6, 2, 1, 1]);
    cf.convolution(l, x, cell, null, same, 1);
    const use = [...l.uses.values()].at(-1);
    assert.equal(use?.ref, "w as [1,1,2,6]");
    const store = network.store(() => undefined);
    assert.deepEqual((await store.read(use.ref)).data, dense.read().data);
  });

  onEachEngine((engine) => {
    /** What the network gives, in the file's order of axes. */
    async function value(network: cf.Network, y: Value, x: cf.Tensor, fed: TensorData) {
      assert.ok(y.kind === "tensor");
      const store = network.store(() => undefined);
      const program = await engine().compile(graphOf(network.builder.nodes, store), [x.node], [y.node]); // prettier-ignore
      const kept = transposeNumbers(toNumbers(fed), x.order);
      const [out] = await program.run([tensor("float32", kept.shape, kept.data)]);
      assert.ok(out);
      return transposeNumbers(toNumbers(out), range(y.order.length).map((axis) => y.order.indexOf(axis))); // prettier-ignore
    }

    it("keeps the file's order through random reshapes and transpositions", async () => {
      const next = random(5);
      const shuffled = (rank: number): number[] =>
        range(rank)
          .map((axis): [number, number] => [next(), axis])
          .sort((a, b) => a[0] - b[0])
          .map(([, axis]) => axis);
      const choose = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
      for (let round = 0; round < 24; round++) {
        const { network, l, x } = picture([2, 6, 4, 2]);
        const fed = noise([2, 6, 4, 2], round);
        let [y, wanted]: [Value, Value] = [x, toNumbers(fed)];
        for (let step = 0; step < 5; step++) {
          if (next() < 0.5) {
            const perm = shuffled(y.shape.length);
            [y, wanted] = [cf.transpose(l, y, perm), cf.transpose(l, wanted, perm)];
          } else {
            const target = choose([[2, 24, 2], [4, 3, 8], [96], [2, 2, 3, 4, 2], [1, 8, 12], [2, 6, 8], [12, 1, 8], [2, 6, 4, 2]]); // prettier-ignore
            [y, wanted] = [cf.reshape(l, y, target), cf.reshape(l, wanted, target)];
          }
        }
        const found = await value(network, cf.unary(l, "neg", cf.unary(l, "neg", y)), x, fed);
        assert.deepEqual(found.shape, wanted.shape);
        assert.ok(wanted.kind === "numbers");
        assert.equal(distance(found.data, wanted.data), 0);
      }
    });

    it("broadcasts parameters against the file's axes", async () => {
      const { network, l, x } = picture([2, 6, 4, 5]);
      const fed = noise([2, 6, 4, 5], 3);
      const row = noise([6, 1, 5], 4);
      const [y, wanted] = [
        cf.binary(l, "sub", parameter("row", row), cf.binary(l, "mul", x, cf.floats([2, 3, 4, 5], [4, 1]))),
        cf.binary(l, "sub", toNumbers(row), cf.binary(l, "mul", toNumbers(fed), cf.floats([2, 3, 4, 5], [4, 1]))),
      ]; // prettier-ignore
      const found = await value(network, y, x, fed);
      assert.ok(wanted.kind === "numbers");
      assert.deepEqual(found.shape, wanted.shape);
      assert.ok(distance(found.data, wanted.data) < 1e-6);
      assert.equal(moves(network), 0);
    });

    it("sums by Einstein's rule", async () => {
      const [a, b] = [noise([2, 3, 4, 5], 1), noise([5, 2, 3], 2)];
      const cell = (t: TensorData, ...at: number[]): number =>
        Number(t.data[at.reduce((sum, i, axis) => sum * (t.shape[axis] ?? 1) + i, 0)]);
      const total = (n: number, f: (i: number) => number): number =>
        range(n).reduce((sum, i) => sum + f(i), 0);
      const rows: [string, readonly number[], (...i: number[]) => number][] = [
        ["nchw,wnc->hcn", [4, 3, 2], (h = 0, c = 0, n = 0) => total(5, (w) => cell(a, n, c, h, w) * cell(b, w, n, c))],
        ["...w,wab->...ab", [2, 3, 4, 2, 3], (...[n = 0, c = 0, h = 0, i = 0, j = 0]) => total(5, (w) => cell(a, n, c, h, w) * cell(b, w, i, j))],
        ["nchw,wik->nk", [2, 3], (n = 0, k = 0) => total(60, (m) => cell(a, n, Math.floor(m / 20), Math.floor(m / 5) % 4, m % 5) * total(2, (i) => cell(b, m % 5, i, k)))],
      ]; // prettier-ignore
      for (const [equation, shape, by] of rows) {
        const { network, l, x } = picture([2, 3, 4, 5]);
        const found = await value(network, cf.einsum(l, equation, [x, parameter("b", b)]), x, a);
        assert.deepEqual(found.shape, shape);
        const wanted = range(found.data.length).map((i) => by(...shape.map((size, axis) => Math.floor(i / shape.slice(axis + 1).reduce((p, n) => p * n, 1)) % size))); // prettier-ignore
        assert.ok(distance(found.data, wanted) < 1e-5, equation);
      }
      const { l, x } = picture([2, 3, 4, 5]);
      assert.throws(() => cf.einsum(l, "aabc->b", [x]), Unsupported);
    });

    it("repeats for each picture what was written for one", async () => {
      const data = noise([3, 4, 1, 2], 8);
      const { network, l, x } = picture([null, 4, 1, 2]);
      const token = parameter("token", noise([1, 2, 4], 9));
      const tokens = cf.transpose(l, cf.reshape(l, x, [BATCH, 4, 2]), [0, 2, 1]);
      const joined = cf.concat(l, [token, tokens], 1);
      assert.deepEqual(joined.shape, [BATCH, 4, 4]);
      const stacked = cf.expand(l, token, [3 * BATCH, 2, 4]);
      assert.deepEqual(stacked.shape, [3 * BATCH, 2, 4]);
      const row = Array.from(noise([1, 2, 4], 9).data);
      const first = await value(network, cf.slice(l, joined, [1], [0], [2], [1]), x, data);
      assert.deepEqual([...first.data], [...row, ...row, ...row]);
      const all = await value(network, stacked, x, data);
      assert.deepEqual(
        [...all.data],
        range(9).flatMap(() => row),
      );
    });
    it("looks at the keys that a mask allows", async () => {
      const q = noise([2, 3, 1, 4], 6);
      const { network, l, x } = picture([2, 3, 1, 4]);
      const tokens = cf.reshape(l, x, [2, 3, 4]);
      const { out } = cf.attention(l, tokens, tokens, tokens, { causal: true });
      const found = await value(network, out, x, q);
      const dot = (n: number, i: number, j: number): number =>
        range(4).reduce((sum, d) => sum + Number(q.data[n * 12 + i * 4 + d]) * Number(q.data[n * 12 + j * 4 + d]), 0); // prettier-ignore
      const wanted = range(24).map((cell) => {
        const [n, i, d] = [Math.floor(cell / 12), Math.floor(cell / 4) % 3, cell % 4];
        const weights = range(i + 1).map((j) => Math.exp(dot(n, i, j) / 2));
        const sum = weights.reduce((a, b) => a + b, 0);
        return weights.reduce(
          (all, w, j) => all + (w / sum) * Number(q.data[n * 12 + j * 4 + d]),
          0,
        );
      });
      assert.ok(distance(found.data, wanted) < 1e-5);
    });
  });
  it("numbers that are none take no room for the axes around them", () => {
    const { l } = picture([null, 1, 2, 2]);
    const none = cf.floats([], [18_000_000, 0]);
    assert.throws(() => cf.reduce(l, "sum", none, [1], false), Unsupported);
    assert.throws(() => cf.concat(l, [none, none], 1), Unsupported);
  });
});

const same: cf.Geometry = { strides: [1, 1], dilations: [1, 1], padding: "upper" };
