import assert from "node:assert/strict";
import { hdf5Library } from "../../../src/formats/hdf5/library.ts";
import {
  fixture,
  fixtureBytes,
  layerOf,
  scratch,
  sentence,
  weightOf,
  withModel,
} from "./support.ts";

const write = scratch();

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

it("a text that claims to be larger than the file takes no memory", async () => {
  const bytes = Buffer.from(fixtureBytes("keras/two_inputs.k2.h5"));
  // {length 14, heap, object} of the first of a layer's names of weights
  const at = bytes.indexOf(Buffer.from("0e000000e837000000000000", "hex"));
  assert.ok(at > 0);
  bytes.writeUInt32LE(0x6e5f7265, at);
  assert.match(await sentence(write("text.h5", bytes)), /'kernel' is missing/);
  const { module } = await hdf5Library();
  assert.ok(module.HEAPU8.byteLength < 2 ** 27, `${module.HEAPU8.byteLength} bytes`);
});
