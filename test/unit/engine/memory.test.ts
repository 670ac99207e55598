/** What a row of a batch takes, where it can be worked out by hand: numbers of float32 values, times 4 bytes. */
import assert from "node:assert/strict";
import { differentiate } from "../../../src/engine/index.ts";
import { rowBytes } from "../../../src/engine/memory.ts";
import { GraphBuilder, prune, type GraphNode, type NodeId } from "../../../src/graph/index.ts";
import { graphOf, onEachEngine } from "./support.ts";

const CONV = { strides: [1, 1], padding: "same", dilations: [1, 1] } as const;
const FLAT = { transposeA: false, transposeB: false } as const;
const OVER_CELLS = { axes: [1, 2], keepDims: false } as const;

const floatsOf = (
  builder: { readonly nodes: readonly GraphNode[] },
  feeds: readonly NodeId[],
  fetches: readonly NodeId[],
): number => {
  const nodes = prune(builder.nodes, new Set(feeds), [...feeds, ...fetches]);
  return rowBytes({ nodes, feeds, fetches }) / 4;
};

describe("what a row of a batch takes", () => {
  it("is the widest place of a chain, with what is fed; parameters do not count", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 4, 4, 2]); // 32
    const wide = builder.add("conv2d", "wide", [x, builder.weight("k1", [3, 3, 2, 8])], CONV); // 128
    const relu = builder.add("relu", "relu", [wide]); // 128
    const thin = builder.add("conv2d", "thin", [relu, builder.weight("k2", [3, 3, 8, 1])], CONV); // 16
    const mean = builder.add("mean", "mean", [thin], OVER_CELLS); // 1
    assert.equal(floatsOf(builder, [x], [mean]), 32 + 128 + 128);
    // what is fed belongs to the caller, who keeps it
    assert.equal(floatsOf(builder, [relu], [mean]), 128 + 16 + 1);
  });

  it("keeps what a skip reads again, and what is fetched, which is then handed over", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 4]);
    const a = builder.add("relu", "a", [x]);
    const b = builder.add("relu", "b", [a]);
    const c = builder.add("relu", "c", [b]);
    const sum = builder.add("add", "sum", [c, a]);
    // x, a, b, c; then x, a, c, sum
    assert.equal(floatsOf(builder, [x], [sum]), 4 * 4);
    // x, a, b, c, sum to the end, and all but x once more
    assert.equal(floatsOf(builder, [x], [a, b, c, sum]), 4 * 5 + 4 * 4);
  });

  it("of a gradient is nearly the sum of the layers", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 8]);
    const layers = Array.from({ length: 10 }, () => 0).reduce<NodeId[]>(
      (made, _, i) => [
        ...made,
        builder.add("relu", `relu${i}`, [
          builder.add("matMul", `dense${i}`, [
            made.at(-1) ?? x,
            builder.weight(`k${i}`, [8, 8]),
          ], FLAT), // prettier-ignore
        ]),
      ],
      [],
    );
    const last = layers.at(-1) ?? x;
    const seed = builder.input("seed", [null, 8]);
    const { graph, grads } = differentiate(graphOf(builder.nodes), last, [x], seed);
    const [gradient = ""] = grads;
    // both feeds, the ten outputs of ReLU that the backward pass reads, and the value on its way
    assert.equal(floatsOf(graph, [x, seed], [gradient ?? ""]), 8 * (2 + 10 + 1));
    // forwards only one layer is alive
    assert.equal(floatsOf(builder, [x], [last]), 8 * 3);
  });

  it("counts rows that an axis was taken into, and truth values as bytes", () => {
    const builder = new GraphBuilder();
    const x = builder.input("x", [null, 4, 3]); // 12
    const rows = builder.add("reshape", "rows", [x], { shape: [null, 3] }); // 4 rows of 3
    const wide = builder.add("matMul", "wide", [rows, builder.weight("k", [3, 5])], FLAT); // 4 rows of 5
    const back = builder.add("reshape", "back", [wide], { shape: [null, 4, 5] });
    assert.equal(floatsOf(builder, [x], [back]), 12 + 20 + 20);
    const large = builder.add("greater", "large", [wide, builder.scalar(0)]); // 20 bytes
    assert.equal(floatsOf(builder, [wide], [large]), 5 + 2 * 1.25);
  });

  onEachEngine((engine) => {
    it("is known of a program, and there is no limit until one is set", async () => {
      const builder = new GraphBuilder();
      const x = builder.input("x", [null, 4]);
      const y = builder.add("relu", "y", [x]);
      const program = await engine().compile(graphOf(builder.nodes), [x], [y]);
      assert.equal(program.rowBytes, 4 * (4 + 4 + 4));
      assert.equal(engine().runBytes, Infinity);
    });
  });
});
