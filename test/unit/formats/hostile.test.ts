import assert from "node:assert/strict";
import { strToU8, zipSync } from "fflate";
import { readModel } from "../../../src/formats/index.ts";
import { fixture, fixtureBytes, kerasArchive, scratch, sentence } from "./support.ts";

const write = scratch();
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16);

describe("files that are no model", () => {
  for (const [name, bytes, says] of [
    ["empty.h5", new Uint8Array(), /empty \(0 bytes\)/],
    ["picture.h5", png, /PNG picture/],
    ["picture.keras", jpeg, /JPEG picture/],
    ["other.keras", zipSync({ "readme.txt": strToU8("hello") }), /zip archive without/],
    ["torch.pt", zipSync({ "net/data.pkl": strToU8("") }), /damaged or foreign pickle/],
    ["plain.pkl", Uint8Array.of(0x80, 4, 0x95), /pickle/],
    ["net.onnx", Uint8Array.of(8, 7, 18), /damaged or cut short/],
    ["noise.onnx", strToU8("no such thing"), /no ONNX model although/],
    ["page.h5", strToU8("<!DOCTYPE html><html>"), /HTML page/],
    ["pointer.h5", strToU8("version https://git-lfs.github.com/spec/v1\n"), /git lfs pull/],
    ["noise.h5", strToU8("no such thing"), /no HDF5 file although its name says so/],
    ["noise.keras", strToU8("no such thing"), /no zip archive although/],
    ["noise.bin", strToU8("no such thing"), /no model file that is known/],
  ] as const)
    it(name, async () => {
      assert.match(await sentence(write(name, bytes)), says);
    });
  it("a path that is not there", async () => {
    assert.match(await sentence(fixture("nowhere.h5")), /no such file/);
  });
  it("a folder", async () => {
    assert.match(
      await sentence(fixture("keras")),
      /is a folder without a 'saved_model\.pb' or 'model\.json'/,
    );
  });
});

describe("damaged files", () => {
  const h5 = fixtureBytes("small_k2.h5");
  for (const keep of [100, 2000, 13000, h5.length - 1000])
    it(`.h5 cut after ${keep} bytes`, async () => {
      assert.match(await sentence(write("cut.h5", h5.subarray(0, keep))), /damaged or truncated/);
    });
  it(".keras cut in the middle", async () => {
    const bytes = fixtureBytes("small_k3.keras").subarray(0, 200_000);
    assert.match(await sentence(write("cut.keras", bytes)), /damaged or truncated zip/);
  });
  it("a file that changes while it is open is not half shown", async () => {
    const file = write("moving.h5", h5);
    const graph = await readModel(file);
    write("moving.h5", h5.subarray(0, 20_000));
    const ref = graph.layers[1]?.weights[0]?.ref ?? "";
    await assert.rejects(graph.weights.read(ref), /'moving\.h5' changed on disk/);
    graph.weights.close();
  });
  it("a description that is not JSON", async () => {
    const file = write("json.keras", kerasArchive('{"class_name": '));
    assert.match(await sentence(file), /not JSON/);
  });
  it("no weights in the archive", async () => {
    const bytes = zipSync({ "config.json": strToU8("{}") });
    assert.match(await sentence(write("bare.keras", bytes)), /no 'model\.weights\.h5'/);
  });
});

/** A Sequential model with the layers of the small network's file, as `change` makes them. */
const sequential = (...layers: object[]): string =>
  JSON.stringify({ class_name: "Sequential", config: { name: "m", layers } });
const input = (...shape: (number | null)[]): object => ({
  class_name: "InputLayer",
  config: { name: "image", batch_shape: shape },
});
const conv = (filters: number): object => ({
  class_name: "Conv2D",
  config: { name: "conv1", filters, kernel_size: [3, 3], padding: "same" },
});

describe("files that lie", () => {
  it("weights of another shape: which, and what was needed", async () => {
    const file = write("shape.keras", kerasArchive(sequential(input(null, 8, 8, 3), conv(20))));
    const says = await sentence(file);
    assert.match(says, /'kernel' of layer 'conv1'.*\[3, 3, 3, 16\].*needs \[3, 3, 3, 20\]/);
  });
  it("a weight that is missing", async () => {
    const layer = { class_name: "PReLU", config: { name: "p" } };
    const file = write("missing.keras", kerasArchive(sequential(input(null, 8, 8, 3), layer)));
    assert.match(await sentence(file), /0 weights of layer 'p'.*'alpha' is missing/);
  });
  it("models nested without end", async () => {
    let model: object = input(null, 8, 8, 3);
    for (let i = 0; i < 150; i++)
      model = { class_name: "Sequential", config: { name: `m${i}`, layers: [model] } };
    const file = write("nested.keras", kerasArchive(JSON.stringify(model)));
    assert.match(await sentence(file), /nest/);
  });
  it("JSON nested without end", async () => {
    const file = write("deep.keras", kerasArchive("[".repeat(100_000) + "]".repeat(100_000)));
    assert.match(await sentence(file), /nested deeper/);
  });
  it("layers that wait for each other", async () => {
    const layer = (name: string, from: string): object => ({
      class_name: "ReLU",
      name,
      config: { name },
      inbound_nodes: [[[from, 0, 0, {}]]],
    });
    const config = {
      class_name: "Functional",
      config: {
        name: "m",
        layers: [{ ...input(null, 4, 4, 3), name: "image" }, layer("a", "b"), layer("b", "a")],
        input_layers: [["image", 0, 0]],
        output_layers: [["b", 0, 0]],
      },
    };
    const file = write("circle.keras", kerasArchive(JSON.stringify(config)));
    assert.match(await sentence(file), /connects its layer 'a'/);
  });
  it("a packed member that declares more than it can hold", async () => {
    const bytes = zipSync({ "config.json": strToU8(" ".repeat(5000)) }, { level: 9 });
    const view = Buffer.from(bytes);
    // the size in the central directory, at 24 behind its signature
    view.writeUInt32LE(0x7fffffff, view.indexOf("PK\x01\x02", 0, "latin1") + 24);
    assert.match(await sentence(write("bomb.keras", view)), /declares 2147483647 bytes/);
  });
  it("a packed member that holds more than it declares", async () => {
    const bytes = zipSync({ "config.json": strToU8(" ".repeat(5000)) }, { level: 9 });
    const view = Buffer.from(bytes);
    view.writeUInt32LE(10, view.indexOf("PK\x01\x02", 0, "latin1") + 24);
    assert.match(await sentence(write("more.keras", view)), /cannot be unpacked to the size/);
  });
  it("a stored member that reaches behind the end", async () => {
    const view = Buffer.from(zipSync({ "config.json": strToU8("{}") }, { level: 0 }));
    const entry = view.indexOf("PK\x01\x02", 0, "latin1");
    view.writeUInt32LE(1 << 30, entry + 20);
    view.writeUInt32LE(1 << 30, entry + 24);
    assert.match(await sentence(write("behind.keras", view)), /damaged or truncated zip/);
  });
  it("packed weights are read too", async () => {
    const layers = sequential(input(null, 8, 8, 3), conv(16));
    const bytes = zipSync({
      "config.json": strToU8(layers),
      "model.weights.h5": fixtureBytes("small_k3.weights.h5"),
    });
    const graph = await readModel(write("packed.keras", bytes));
    const { data } = await graph.weights.read(graph.layers[1]?.weights[0]?.ref ?? "");
    assert.ok(Math.abs((data[0] ?? 0) + 0.12706575) < 1e-6);
    graph.weights.close();
  });
});
