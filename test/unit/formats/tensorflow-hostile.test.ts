import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readTable } from "../../../src/formats/saved-model/table.ts";
import { unpackSnappy } from "../../../src/formats/saved-model/snappy.ts";
import { Generation } from "../../../src/files/generation.ts";
import { FileSource } from "../../../src/formats/bytes/source.ts";
import { endsOf } from "../../../src/formats/tensorflow/ends.ts";
import { readModel } from "../../../src/formats/index.ts";
import { field, message, varint } from "../../support/protobuf.ts";
import { fixture, fixtureBytes, sentence, withModel } from "./support.ts";
import { call, constant, FLOAT, fn, graph, node, placeholder, shape } from "./tensorflow-files.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), "convlens-tensorflow-"));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});
let made = 0;
function file(name: string, content: Uint8Array | string): string {
  const own = path.join(folder, String(made++));
  mkdirSync(own);
  writeFileSync(path.join(own, name), content);
  return path.join(own, name);
}

describe("hostile TensorFlow graphs", () => {
  it("operations that run code or read files are shown, and never run", async () => {
    const evil = node("evil", "PyFunc", ["x"], { token: field(2, "os.system") });
    const read = node("read", "ReadFile", ["evil"]);
    await withModel(file("evil.pb", graph([placeholder, evil, read])), (model) => {
      const opaque = model.layers.filter(({ opaque: why }) => why !== null);
      assert.deepEqual(
        opaque.map(({ name }) => name),
        ["evil", "read"],
      );
      assert.match(model.notes.join(), /not understood: PyFunc, ReadFile;/);
    });
  });

  const huge = 2 ** 40;
  for (const [what, ...fields] of [
    ["a shape behind a single number", field(2, shape(huge, 4)), field(5, new Uint8Array(4))],
    ["a shape behind no number", field(2, shape(huge)), field(4, new Uint8Array(8))],
    ["more numbers than the shape has", field(2, shape(2)), field(5, new Uint8Array(16))],
    ["bytes that are no whole numbers", field(2, shape(3)), field(4, new Uint8Array(5))],
  ] as const)
    it(`a constant with ${what}`, async () => {
      const sum = node("sum", "AddV2", ["x", "c"]);
      const model = file("lie.pb", graph([placeholder, constant("c", ...fields), sum]));
      await readingFails(model);
    });

  it("an input of no pixels, of which there is no example", async () => {
    const none = { dtype: FLOAT, shape: field(7, shape(-1, 4, 0, 3)) };
    const nodes = [node("x", "Placeholder", [], none), node("y", "Relu", ["x"])];
    assert.match(
      await sentence(file("none.pb", graph(nodes))),
      /none\.pb' says what cannot be: its input 'x' has the shape \[\?, 4, 0, 3\]/,
    );
  });

  it("an output that is no tensor until pictures are there is left out", async () => {
    const nodes = [placeholder, node("y", "Relu", ["x"]), node("size", "Shape", ["x"])];
    await withModel(file("size.pb", graph(nodes)), ({ outputs, notes }) => {
      assert.deepEqual(outputs.map(({ name }) => name), ["y"]); // prettier-ignore
      assert.match(notes.join(), /'size' is left out: it depends on the number of pictures\./);
    });
  });

  it("an output that its operation has, and that is not computed, is not executed", async () => {
    const numbers = [field(2, shape(3)), field(4, new Uint8Array(12).fill(1))];
    const four = ["a", "b", "c", "d"].map((name) => constant(name, ...numbers));
    const ends = ["bn", "bn:1"].map((ref, i) => node(`y${i}`, "Relu", [ref]));
    const bn = node("bn", "FusedBatchNormV3", ["x", "a", "b", "c", "d"], {
      is_training: field(5, 0),
    });
    await withModel(file("bn.pb", graph([placeholder, ...four, bn, ...ends])), ({ layers }) => {
      const why = (name: string): unknown => layers.find((layer) => layer.name === name)?.opaque;
      assert.equal(why("bn"), null);
      assert.equal(why("bn:1"), "this output is not computed");
      assert.match(String(why("y1")), /depends on 'bn:1'/);
    });
  });

  it("functions that call themselves", async () => {
    const model = graph(
      [placeholder, call("call", "f", "x"), node("out", "Relu", ["call"])],
      [fn("f", call("out", "g", "x")), fn("g", call("out", "f", "x"))],
    );
    await withModel(file("loop.pb", model), ({ layers }) => {
      assert.match(layers.map(({ opaque }) => opaque ?? "").join(), /calls itself/);
    });
  });

  it("functions that multiply", async () => {
    const functions = Array.from({ length: 40 }, (_, i) =>
      fn(
        `f${i}`,
        call("a", `f${i + 1}`, "x"),
        call("b", `f${i + 1}`, "a:output:0"),
        node("out", "Identity", ["b:output:0"]),
      ),
    );
    const last = fn("f40", node("out", "Relu", ["x"]));
    const model = graph([placeholder, call("call", "f0", "x")], [...functions, last]);
    assert.match(await sentence(file("bomb.pb", model)), /unfolds to more than 50000 operations/);
  });

  it("a graph that goes round in a circle", async () => {
    const circle = (way: string): Uint8Array[] => [
      ...[placeholder, node("a", "AddV2", ["x", "b"]), node("b", way, ["a"])],
    ];
    // a loop has a way back, and is shown
    const loop = graph([...circle("NextIteration"), node("c", "Relu", ["b"])]);
    await withModel(file("circle.pb", loop), ({ layers }) => {
      assert.match(
        layers.map(({ opaque }) => opaque ?? "").join(),
        /NextIteration is not supported/,
      );
    });
    // behind a circle, and before one that hides what is behind, there is no answer
    for (const last of [node("c", "Relu", ["b"]), node("c", "Relu", ["x"])]) {
      const said = await sentence(file("circle.pb", graph([...circle("Relu"), last])));
      assert.match(said, /says what cannot be: its operations '[ab]' and '[ab]' wait/);
    }
  });

  it("hundreds of thousands of operations that take one value", () => {
    const relu = (i: number) => ({
      name: `y${i}`,
      op: "Relu",
      inputs: ["x"],
      attributes: new Map(),
    });
    const many = Array.from({ length: 300_000 }, (_, i) => relu(i));
    const x = { name: "x", op: "Placeholder", inputs: [], attributes: new Map() };
    assert.equal(endsOf([x, ...many]).outputs.length, many.length);
  });

  it("names of what objects inherit", async () => {
    const nodes = ["__proto__", "constructor", "hasOwnProperty"].map((name, i, all) =>
      node(name, i === 1 ? "toString" : "Relu", [all[i - 1] ?? "x"], { __proto__: FLOAT }),
    );
    await withModel(file("names.pb", graph([placeholder, ...nodes])), ({ layers }) => {
      assert.ok(layers.some(({ name }) => name === "__proto__"));
      assert.equal(
        layers.find(({ name }) => name === "constructor")?.opaque?.includes("toString"),
        true,
      );
    });
  });

  it("messages inside messages", async () => {
    let deep: Uint8Array = new Uint8Array(0);
    for (let i = 0; i < 5000; i++) deep = field(1, deep);
    const model = message(field(1, placeholder), field(2, field(1, deep)));
    await readingFails(file("deep.pb", model));
  });

  const whole = fixtureBytes("small_frozen.pb");
  for (const keep of [3, 40, 1000, whole.length - 3])
    it(`cut after ${keep} bytes`, () => readingFails(file("cut.pb", whole.subarray(0, keep))));
});

/** One sentence, when the model is opened or when its numbers are read. */
async function readingFails(model: string): Promise<void> {
  try {
    const opened = await readModel(model);
    try {
      for (const { weights } of opened.layers)
        for (const { ref } of weights) await opened.weights.read(ref);
    } finally {
      opened.weights.close();
    }
  } catch (error) {
    assert.equal((error as Error).name, "ConvLensError", String(error));
    assert.ok((error as Error).message.endsWith("."));
    return;
  }
  assert.fail("it was read");
}

describe("hostile TF.js folders", () => {
  const topology = {
    node: [
      {
        name: "x",
        op: "Placeholder",
        attr: { shape: { shape: { dim: [{ size: "-1" }, { size: "2" }] } } },
      },
      { name: "c", op: "Const" },
      { name: "y", op: "MatMul", input: ["x", "c"] },
    ],
  };
  const manifest = (
    shardPath: string,
    size: readonly number[] = [2, 2],
    dtype = "float32",
  ): string =>
    JSON.stringify({
      format: "graph-model",
      modelTopology: topology,
      weightsManifest: [{ paths: [shardPath], weights: [{ name: "c", shape: size, dtype }] }],
    });

  for (const shard of [
    "../secret.bin",
    "a/../../secret.bin",
    "/etc/passwd",
    "https://example.com/a.bin",
    "file:///etc/passwd",
    "C:\\secret.bin",
    "..\\secret.bin",
    "",
  ])
    it(`a shard named '${shard}'`, async () => {
      const model = file("model.json", manifest(shard));
      writeFileSync(path.join(folder, "secret.bin"), Buffer.alloc(16));
      await readingFails(model);
    });
  it("a shard that is a link out of the folder", async () => {
    const model = file("model.json", manifest("link.bin"));
    const secret = path.join(folder, "secret.bin");
    writeFileSync(secret, Buffer.alloc(16));
    symlinkSync(secret, path.join(path.dirname(model), "link.bin"));
    await readingFails(model);
  });
  it("weights larger than their shards", async () => {
    const model = file("model.json", manifest("a.bin", [2 ** 40, 2]));
    writeFileSync(path.join(path.dirname(model), "a.bin"), Buffer.alloc(16));
    await readingFails(model);
  });
  it("weights of a negative or broken shape, and of a type that objects inherit", async () => {
    for (const json of [
      manifest("a.bin", [-2, 2]),
      manifest("a.bin", [1.5]),
      manifest("a.bin", [2], "toString"),
    ])
      assert.match(await sentence(file("model.json", json)), /model\.json/);
  });
  it("JSON nested without end", async () => {
    const deep = `{"modelTopology":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    assert.match(await sentence(file("model.json", deep)), /nested deeper/);
  });
});

describe("hostile checkpoints", () => {
  const copy = (): string => {
    const own = path.join(folder, String(made++));
    cpSync(fixture("small_savedmodel_k3export"), own, { recursive: true });
    return own;
  };
  it("a shard that is a link out of the folder", async () => {
    const own = copy();
    const shard = path.join(own, "variables/variables.data-00000-of-00001");
    const secret = path.join(folder, "secret.data");
    cpSync(shard, secret);
    rmSync(shard);
    symlinkSync(secret, shard);
    await readingFails(own);
  });
  it("shards and indices that are cut, or not there", async () => {
    const [first, second] = [copy(), copy()];
    writeFileSync(path.join(first, "variables/variables.data-00000-of-00001"), Buffer.alloc(100));
    await readingFails(first);
    writeFileSync(path.join(second, "variables/variables.index"), Buffer.alloc(100));
    await readingFails(second);
  });

  /** A table whose index has the given handles; blocks begin at 0. */
  function table(blocks: readonly Uint8Array[], handles: readonly (readonly number[])[]): string {
    const block = (entries: readonly (readonly [string, Uint8Array])[]): Uint8Array =>
      Buffer.concat([
        ...entries.map(([key, value]) =>
          Buffer.concat([
            Uint8Array.from([0, ...varint(key.length), ...varint(value.length)]),
            Buffer.from(key),
            value,
          ]),
        ),
        Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0]),
      ]);
    const data = Buffer.concat(blocks.map((bytes) => Buffer.concat([bytes, Buffer.alloc(5)])));
    const values = handles.map((handle) => Uint8Array.from(handle.flatMap(varint)));
    const index = block(values.map((value, i) => [`k${i}`, value]));
    const footer = Buffer.alloc(48);
    footer.set([0, 0, ...varint(data.length), ...varint(index.length)]);
    footer.writeBigUInt64LE(0xdb4775248b80fb57n, 40);
    return file("a.index", Buffer.concat([data, index, Buffer.alloc(5), footer]));
  }
  const refuses = (target: string): void => {
    const source = new FileSource(target, new Generation());
    assert.throws(() => readTable(source), /'a\.index' is damaged/);
    source.close();
  };
  it("tables with blocks that come twice, lie outside, or are larger than the file", () => {
    const empty = Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0]);
    const fine = new FileSource(table([empty], [[0, 8]]), new Generation());
    assert.equal(readTable(fine).size, 0);
    fine.close();
    refuses(table([empty], [[0, 8], [0, 8]])); // prettier-ignore
    refuses(table([empty], [[0, 2 ** 45]]));
    refuses(table([empty], [[2 ** 50, 8]]));
    refuses(table([Uint8Array.from([0, 0, 0, 0, 255, 255, 255, 255])], [[0, 8]]));
    refuses(table([Uint8Array.from([9, 1, 1, 65, 66, 0, 0, 0, 0, 1, 0, 0, 0])], [[0, 13]]));
  });
  it("snappy that declares more than it holds, or copies from before its start", () => {
    assert.equal(unpackSnappy(Uint8Array.from([0xff, 0xff, 0xff, 0x7f, 0, 65])), null);
    assert.equal(unpackSnappy(Uint8Array.from([8, 0, 65, 0x11, 9])), null);
    assert.equal(unpackSnappy(Uint8Array.from([2, 0, 65])), null);
    const repeated = unpackSnappy(Uint8Array.from([5, 0, 65, 1, 1]));
    assert.equal(repeated && Buffer.from(repeated).toString(), "AAAAA");
  });
});
