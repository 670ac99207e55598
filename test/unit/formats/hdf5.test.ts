import assert from "node:assert/strict";
import { fixture, layerOf, sentence, weightOf, withModel } from "./support.ts";

const counted = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe("HDF5 as others write it", () => {
  const values = async (layer: string, name: string): Promise<number[]> => {
    let found: number[] = [];
    await withModel(fixture("odd/encodings.weights.h5"), async (graph) => {
      const { data } = await graph.weights.read(weightOf(layerOf(graph, layer), name).ref);
      found = [...data];
    });
    return found;
  };
  it("chunks, gzip, shuffle and checksums", async () => {
    assert.deepEqual(await values("conv", "kernel"), counted(72));
  });
  it("float64", async () => {
    assert.deepEqual(await values("conv", "bias"), counted(4));
  });
  it("float16: subnormals, infinity and the largest number", async () => {
    assert.deepEqual(await values("half", "kernel"), counted(8));
    const [tiny, infinite, large, tenth] = await values("half", "bias");
    assert.equal(tiny, 2 * 2 ** -24);
    assert.deepEqual([infinite, large, tenth], [-Infinity, 65504, 0.0999755859375]);
  });
  it("big-endian", async () => {
    assert.deepEqual(await values("turned", "kernel"), counted(8));
  });
  it("bfloat16", async () => {
    assert.deepEqual(await values("brain", "kernel"), counted(8));
  });
  it("integers", async () => {
    assert.deepEqual(await values("whole", "kernel"), counted(8));
  });
});

describe("HDF5 that leads outside or lies about its size", () => {
  for (const [file, says] of [
    ["external-link.h5", /external link.*never followed/],
    ["virtual.h5", /virtual data set.*never followed/],
    ["huge-chunked.h5", /declares 36000000000000 bytes/],
    ["huge.h5", /declares 360000000000 bytes/],
    ["no-model.h5", /without a Keras model.*'temperature'.*model\.save/],
  ] as const)
    it(file, async () => {
      assert.match(await sentence(fixture(`odd/${file}`)), says);
    });

  it("external storage: the layer is listed, its numbers are refused", () =>
    withModel(fixture("odd/external-storage.h5"), async (graph) => {
      const { ref } = weightOf(layerOf(graph, "conv"), "kernel");
      await assert.rejects(graph.weights.read(ref), /kept in another file/);
    }));
});
