import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Message } from "../../../src/engine/native/protobuf.ts";
import { readModel } from "../../../src/formats/index.ts";
import { fixtureBytes, layerOf, scratch, sentence, shapeOf, withModel } from "./support.ts";
import {
  constantOf,
  floats,
  functionOf,
  graph,
  int,
  ints,
  model,
  node,
  reference,
  subgraph,
  tensor,
  value,
  type Made,
  type TensorFacts,
} from "./onnx-files.ts";

const write = scratch();
const picture = value("x", ["batch", 2, 4, 4]);
const kernel = tensor({ name: "k", shape: [3, 2, 1, 1], raw: floats(1, 2, 3, 4, 5, 6) });
const conv = node({ op: "Conv", inputs: ["x", "k"], outputs: ["y"], name: "conv" });
const relu = (from: string, to: string): Made =>
  node({ op: "Relu", inputs: [from], outputs: [to] });

/** A network x + w with one parameter. */
const adding = (facts: Omit<TensorFacts, "name">): Uint8Array =>
  model(
    graph({
      nodes: [node({ op: "Add", inputs: ["x", "w"], outputs: ["y"] })],
      initializers: [tensor({ ...facts, name: "w" })],
      inputs: [value("x", ["batch", 2, 4, 4], WHOLE.includes(facts.type ?? 1) ? 6 : 1)],
      outputs: [value("y", ["batch", 2, 4, 4])],
    }),
  );
/** int8, int32 and int64 */
const WHOLE: readonly number[] = [3, 6, 7];
async function parameter(file: string): Promise<number[]> {
  let numbers: number[] = [];
  await withModel(file, async (read) => {
    const [weight] = layerOf(read, "y").weights;
    assert.ok(weight);
    numbers = [...(await read.weights.read(weight.ref)).data];
  });
  return numbers;
}
/** What reading the parameter says. */
const refusal = async (file: string): Promise<string> => {
  try {
    await parameter(file);
  } catch (error) {
    return (error as Error).message;
  }
  return assert.fail("the parameter was read");
};

describe("ONNX files", () => {
  const half = Uint16Array.of(0x3c00, 0xc000);
  const brain = Uint16Array.of(0x3f80, 0xc000);
  const doubles = Float64Array.of(1, -2);
  for (const [name, facts] of [
    ["float32 as raw bytes", { raw: floats(1, -2) }],
    ["float16 as raw bytes", { type: 10, raw: new Uint8Array(half.buffer) }],
    ["bfloat16 as raw bytes", { type: 16, raw: new Uint8Array(brain.buffer) }],
    ["float64 as raw bytes", { type: 11, raw: new Uint8Array(doubles.buffer) }],
    ["float_data", { typed: (t: Made) => t.float(4, 1).float(4, -2) }],
    ["float16 in int32_data", { type: 10, typed: (t: Made) => t.int(5, 0x3c00).int(5, 0xc000) }],
    ["packed int32_data", { type: 6, typed: (t: Made) => t.ints(5, [1, -2]) }],
    ["int64_data", { type: 7, typed: (t: Made) => t.ints(7, [1, -2]) }],
    ["int8 as raw bytes", { type: 3, raw: Uint8Array.of(1, 254) }],
  ] as const)
    it(`read ${name}`, async () => {
      assert.deepEqual(await parameter(write("typed.onnx", adding({ shape: [2, 1, 1], ...facts }))), [1, -2]); // prettier-ignore
    });

  it("keep large numbers beyond every end", async () => {
    const limits = ["starts", "ends", "axes"].map(
      (name, i) =>
      tensor({ name, shape: [1], type: 7, typed: (t) => t.ints(7, [[1], [2 ** 62], [1]][i] ?? []) }), // prettier-ignore
    );
    const slice = node({ op: "Slice", inputs: ["x", "starts", "ends", "axes"], outputs: ["y"] });
    const net = graph({ nodes: [slice], initializers: limits, inputs: [picture], outputs: [value("y", ["batch", 1, 4, 4])] }); // prettier-ignore
    await withModel(write("slice.onnx", model(net)), (read) => {
      assert.deepEqual(layerOf(read, "y").fileShape, [null, 1, 4, 4]);
    });
  });

  it("name layers by their nodes, with outputs, modules and lines of code", async () => {
    const metadata = {
      "pkg.torch.onnx.name_scopes": "['', 'features', 'features.0', 'conv2d']",
      "pkg.torch.onnx.stack_trace":
        'File "/home/me/net.py", line 7, in forward\n  x\n  File "/env/site-packages/torch/nn/modules/conv.py", line 9, in forward',
    };
    const first = node({ op: "Conv", inputs: ["x", "k"], outputs: ["c"], name: "n0", metadata });
    const net = graph({ nodes: [first, relu("c", "y")], initializers: [kernel], inputs: [picture], outputs: [value("y", [1])] }); // prettier-ignore
    await withModel(write("names.onnx", model(net)), async (read) => {
      const layer = layerOf(read, "n0");
      assert.deepEqual(layer.aliases, ["c", "features", "features.0"]);
      assert.deepEqual(layer.source, { file: "/home/me/net.py", line: 7 });
      assert.deepEqual(layer.fileShape, [null, 3, 4, 4]);
      assert.deepEqual(shapeOf(read, layer.output), [null, 4, 4, 3]);
      const [weight] = layer.weights;
      assert.deepEqual(weight?.fileShape, [3, 2, 1, 1]);
      assert.deepEqual(weight.shape, [1, 1, 2, 3]);
      assert.deepEqual([...(await read.weights.read(weight.ref)).data], [1, 3, 5, 2, 4, 6]);
      assert.deepEqual(layerOf(read, "y").inputs, ["n0"]);
    });
  });

  it("leave out what is nothing, as writers of proto3 do", async () => {
    // its type, and no number
    const axis = new Message().string(1, "axis").int(20, 2);
    const flat = node({ op: "Flatten", inputs: ["x"], outputs: ["y"], attributes: [axis] });
    const net = graph({ nodes: [flat], inputs: [picture], outputs: [value("y", [1, 32])] });
    // one row of all pictures, where axis 1 (by default) has one for each
    await withModel(write("zero.onnx", model(net)), ({ outputs }) => {
      assert.deepEqual(outputs[0]?.fileShape, [1, null]);
    });
  });

  it("are opaque where an operation is not known, and say all that are missing at once", async () => {
    const odd = (from: string, to: string, domain?: string): Made =>
      node({ op: "Odd", inputs: [from], outputs: [to], ...(domain === undefined ? {} : { domain }) }); // prettier-ignore
    const nodes = [conv, odd("y", "a"), odd("a", "b", "custom"), relu("b", "z")];
    const net = graph({ nodes, initializers: [kernel], inputs: [picture], outputs: [value("z", [1])] }); // prettier-ignore
    await withModel(write("odd.onnx", model(net)), (read) => {
      const opaque = read.layers.filter((layer) => layer.opaque !== null);
      assert.deepEqual(opaque.map(({ name }) => name), ["a", "b", "z"]); // prettier-ignore
      assert.match(layerOf(read, "z").opaque ?? "", /depends on 'a'/);
      assert.ok(read.notes.some((note) => note.includes("not executed: Odd")));
      assert.equal(layerOf(read, "conv").opaque, null);
    });
  });

  it("inline functions with the attributes of their calls, and take the branch that is known", async () => {
    const body = functionOf("Block", ["a"], ["b"], [
      node({ op: "Transpose", inputs: ["a"], outputs: ["t"], attributes: [reference("perm", "order")] }),
      relu("t", "b"),
    ]); // prettier-ignore
    const call = node({ op: "Block", domain: "local", inputs: ["x"], outputs: ["m"], name: "block", attributes: [ints("order", [0, 1, 3, 2])] }); // prettier-ignore
    const branch = (op: string): Made =>
      graph({ nodes: [node({ op, inputs: ["m"], outputs: ["r"] })], outputs: [value("r", [1])] });
    const either = node({ op: "If", inputs: ["yes"], outputs: ["y"], name: "if", attributes: [subgraph("then_branch", branch("Abs")), subgraph("else_branch", branch("Neg"))] }); // prettier-ignore
    const yes = tensor({ name: "yes", shape: [], type: 9, raw: Uint8Array.of(1) });
    const net = graph({ nodes: [call, either], initializers: [yes], inputs: [value("x", ["n", 2, 3, 4])], outputs: [value("y", [1])] }); // prettier-ignore
    await withModel(write("functions.onnx", model(net, [body])), (read) => {
      assert.deepEqual(read.layers.map(({ name }) => name), ["x", "block/t", "block/b", "if/r"]); // prettier-ignore
      assert.deepEqual(layerOf(read, "block/b").fileShape, [null, 2, 4, 3]);
      assert.ok(layerOf(read, "block/b").aliases?.includes("m"));
      assert.equal(layerOf(read, "if/r").className, "Abs");
    });
  });

  it("are read with a free batch although the exporter fixed it, where the network allows", async () => {
    const target = tensor({
      name: "target",
      shape: [2],
      type: 7,
      typed: (t) => t.ints(7, [4, 48]),
    });
    const flat = node({ op: "Reshape", inputs: ["y", "target"], outputs: ["z"] });
    const fixed = graph({ nodes: [conv, flat], initializers: [kernel, target], inputs: [value("x", [4, 2, 4, 4])], outputs: [value("z", [4, 48])] }); // prettier-ignore
    await withModel(write("fixed.onnx", model(fixed)), (read) => {
      assert.deepEqual(read.outputs[0]?.shape, [null, 48]);
    });
    const swap = node({ op: "Transpose", inputs: ["y"], outputs: ["z"], attributes: [ints("perm", [1, 0, 2, 3])] }); // prettier-ignore
    const moved = graph({ nodes: [conv, swap, relu("z", "w"), node({ op: "Softmax", inputs: ["w"], outputs: ["s"], attributes: [int("axis", 1)] })], initializers: [kernel], inputs: [value("x", [4, 2, 4, 4])], outputs: [value("s", [3, 4, 4, 4])] }); // prettier-ignore
    await withModel(write("moved.onnx", model(moved)), (read) => {
      assert.deepEqual(read.inputs[0]?.shape, [4, 4, 4, 2]);
      assert.ok(read.notes.some((note) => note.includes("a batch of 4")));
    });
  });

  it("show pictures with their channels last, whatever a reshape or a transposition left", async () => {
    const shape = tensor({
      name: "s",
      shape: [4],
      type: 7,
      typed: (t) => t.ints(7, [-1, 2, 3, 5]),
    });
    const nodes = [
      node({ op: "Reshape", inputs: ["v", "s"], outputs: ["made"] }),
      node({ op: "Relu", inputs: ["made"], outputs: ["relu"] }),
      node({ op: "Conv", inputs: ["relu", "k"], outputs: ["conv"] }),
      node({ op: "Transpose", inputs: ["conv"], outputs: ["turned"], attributes: [ints("perm", [0, 2, 3, 1])] }),
      node({ op: "Mul", inputs: ["turned", "turned"], outputs: ["squared"] }),
    ]; // prettier-ignore
    const inputs = [value("v", ["batch", 30])];
    const net = graph({ nodes, initializers: [kernel, shape], inputs, outputs: [value("squared", ["batch", 3, 5, 3])] }); // prettier-ignore
    const read = await readModel(write("made.onnx", model(net)));
    for (const [name, own, inFile] of [
      ["made", [null, 3, 5, 2], [null, 2, 3, 5]],
      ["relu", [null, 3, 5, 2], [null, 2, 3, 5]],
      ["conv", [null, 3, 5, 3], [null, 3, 3, 5]],
      ["turned", [null, 3, 5, 3], undefined],
      ["squared", [null, 3, 5, 3], undefined],
    ] as const) {
      const layer = layerOf(read, name);
      assert.deepEqual([shapeOf(read, layer.output), layer.fileShape], [own, inFile], name);
    }
    read.weights.close();
  });
  it("ask for a size that they leave free", async () => {
    const net = graph({ nodes: [conv], initializers: [kernel], inputs: [value("x", ["n", 2, "h", "w"])], outputs: [value("y", [1])] }); // prettier-ignore
    const file = write("free.onnx", model(net));
    const read = await readModel(file, { inputSize: [8, 6] });
    assert.deepEqual(read.inputs[0]?.fileShape, [null, 2, 8, 6]);
    assert.ok(read.notes.some((note) => note.includes("leaves the size of its input 'x' free")));
    read.weights.close();
  });
});

describe("ONNX files that lie", () => {
  it("declare more than they store", async () => {
    const file = write("huge.onnx", adding({ shape: [2 ** 40, 2 ** 12, 1], raw: floats(1) }));
    assert.match(await refusal(file).catch(String), /fit|declares/);
    const small = write("short.onnx", adding({ shape: [2, 1, 1], raw: floats(1) }));
    assert.match(await refusal(small), /declares 'w' with shape \[2, 1, 1\], and stores 4 bytes/);
  });

  for (const shape of [[-3, 2], [2, 2 ** 63], Array.from({ length: 12 }, () => 2 ** 40)])
    it(`give a parameter ${shape.length} sizes like ${shape[0]}`, async () => {
      const file = write("shape.onnx", adding({ shape, raw: floats(1, 2) }));
      assert.match(await sentence(file), /'shape\.onnx' declares 'w' with shape \[.+\], which no tensor can have; export/); // prettier-ignore
    });

  it("give a value sizes beyond all numbers, or a constant ones below nothing", async () => {
    const wide = graph({ nodes: [relu("x", "y")], inputs: [value("x", ["n", 2, 2 ** 60, 4])] });
    assert.match(
      await sentence(write("wide.onnx", model(wide))),
      /'x' with shape \[n, 2, \d+, 4\], which/,
    );
    const constant = tensor({ name: "c", shape: [-1], raw: floats(1) });
    const made = node({ op: "Constant", inputs: [], outputs: ["c"], attributes: [constantOf(constant)] }); // prettier-ignore
    const net = graph({ nodes: [made, relu("x", "y")], inputs: [picture] });
    assert.match(await sentence(write("below.onnx", model(net))), /'c' with shape \[-1\], which/);
  });
  it("describe what an unknown operation gives as larger than anything", async () => {
    const strange = node({ op: "Strange", inputs: ["x"], outputs: ["y"], name: "strange" });
    const told = [value("y", ["n", 4294967295])];
    const net = graph({ nodes: [strange, relu("y", "z")], inputs: [picture], outputs: told });
    await withModel(write("opaque.onnx", model(net)), (read) => {
      assert.deepEqual(
        read.layers.map(({ name }) => name),
        ["x", "strange", "z"],
      );
    });
  });

  it("are cut anywhere", async () => {
    const bytes = fixtureBytes("onnx/small_torch_legacy.onnx");
    for (const keep of [20, 100, 500, bytes.length - 2000, bytes.length - 1])
      assert.match(await sentence(write("cut.onnx", bytes.subarray(0, keep))), /damaged|no ONNX/);
  });

  it("refer to values that nobody makes", async () => {
    const net = graph({ nodes: [relu("later", "y"), relu("x", "later")], inputs: [picture] });
    assert.match(await sentence(write("order.onnx", model(net))), /'later' that none of its nodes/);
  });

  it("nest branches without end", async () => {
    let body = graph({ nodes: [relu("x", "y")], outputs: [value("y", [1])] });
    const yes = tensor({ name: "yes", shape: [], type: 9, raw: Uint8Array.of(1) });
    for (let i = 0; i < 120; i++)
      body = graph({
        nodes: [node({ op: "If", inputs: ["yes"], outputs: ["y"], attributes: [subgraph("then_branch", body)] })],
        outputs: [value("y", [1])],
        ...(i === 119 && { inputs: [picture], initializers: [yes] }),
      }); // prettier-ignore
    assert.match(await sentence(write("deep.onnx", model(body))), /nests messages deeper than 100/);
  });

  it("call functions in functions, twice each or themselves", async () => {
    const call = (op: string, from: string, to: string): Made =>
      node({ op, domain: "local", inputs: [from], outputs: [to] });
    const doubled = Array.from(
      { length: 40 },
      (_, i) =>
      functionOf(`F${i}`, ["a"], ["c"], i === 0 ? [relu("a", "c")] : [call(`F${i - 1}`, "a", "b"), call(`F${i - 1}`, "b", "c")]), // prettier-ignore
    );
    const bomb = graph({ nodes: [call("F39", "x", "y")], inputs: [picture] });
    assert.match(await sentence(write("bomb.onnx", model(bomb, doubled))), /so often or so deep/);
    const own = functionOf("Self", ["a"], ["b"], [call("Self", "a", "b")]);
    const loop = graph({ nodes: [call("Self", "x", "y")], inputs: [picture] });
    assert.match(await sentence(write("self.onnx", model(loop, [own]))), /so often or so deep/);
  });

  it("make constants without end", async () => {
    const shape = tensor({
      name: "s",
      shape: [2],
      type: 7,
      typed: (t) => t.ints(7, [2 ** 20, 2 ** 20]),
    });
    const net = graph({ nodes: [node({ op: "ConstantOfShape", inputs: ["s"], outputs: ["c"] }), node({ op: "Add", inputs: ["x", "c"], outputs: ["y"] })], initializers: [shape], inputs: [picture] }); // prettier-ignore
    await withModel(write("constants.onnx", model(net)), (read) => {
      assert.match(layerOf(read, "c").opaque ?? "", /makes a constant of/);
    });
  });

  for (const factor of [1e38, 3e6, -1, NaN])
    it(`resize by ${factor}`, async () => {
      const factors = tensor({ name: "f", shape: [4], raw: floats(1, 1, factor, 1) });
      const resize = node({ op: "Resize", inputs: ["x", "", "f"], outputs: ["y"] });
      const net = graph({ nodes: [resize], initializers: [factors], inputs: [picture] });
      await withModel(write("resize.onnx", model(net)), (read) => {
        assert.match(layerOf(read, "y").opaque ?? "", /it resizes/);
      });
    });

  it("are called like things that objects have", async () => {
    const names = ["__proto__", "constructor", "toString"];
    const nodes = names.map((name, i) => node({ op: "Relu", inputs: [names[i - 1] ?? "x"], outputs: [name], name })); // prettier-ignore
    await withModel(write("proto.onnx", model(graph({ nodes, inputs: [picture] }))), (read) => {
      assert.deepEqual(read.layers.map(({ name }) => name), ["x", ...names]); // prettier-ignore
    });
  });

  describe("about data in other files", () => {
    let folder = "";
    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), "convlens-onnx-"));
      mkdirSync(path.join(folder, "inner"));
      writeFileSync(path.join(folder, "secret.bin"), floats(7, 7));
      writeFileSync(path.join(folder, "inner", "data.bin"), floats(9, 1, -2));
      symlinkSync(path.join(folder, "secret.bin"), path.join(folder, "inner", "link.bin"));
      symlinkSync(folder, path.join(folder, "inner", "way"));
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });
    const external = (entries: Record<string, string>): string => {
      const file = path.join(folder, "inner", "net.onnx");
      writeFileSync(file, adding({ shape: [2, 1, 1], external: entries }));
      return file;
    };
    it("read those beside them", async () => {
      const file = external({ location: "data.bin", offset: "4", length: "8" });
      assert.deepEqual(await parameter(file), [1, -2]);
    });
    for (const [location, says] of [
      ["../secret.bin", /outside of its folder/],
      ["/etc/passwd", /outside of its folder/],
      ["C:\\secret.bin", /outside of its folder|not beside it/],
      ["link.bin", /a link or no plain file/],
      ["way/secret.bin", /a link leads out/],
      ["https://example.org/data.bin", /no file name/],
      ["", /no file name/],
      [".", /no plain file/],
      ["missing.bin", /not beside it/],
    ] as const)
      it(`do not read '${location}'`, async () => {
        assert.match(await refusal(external({ location })), says);
      });
    for (const entries of [{ offset: "8" }, { offset: "-4" }, { offset: "1e99" }, { length: "4" }])
      it(`do not read ${JSON.stringify(entries)}`, async () => {
        const told = external({ location: "data.bin", ...entries });
        assert.match(await refusal(told), /wants 8 bytes for 'w'/);
      });
  });
});
