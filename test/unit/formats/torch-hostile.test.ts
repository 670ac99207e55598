/** Pickles and safetensors that lie or attack: nothing runs, nothing is allocated by a declared size, one sentence each. */
import assert from "node:assert/strict";
import { zipSync } from "fflate";
import { readModel } from "../../../src/formats/index.ts";
import { operation, program, PROGRAM, pt2, self, sizes, spec } from "./pt2-files.ts";
import { safetensorsFile as file, tensorEntry as entry } from "./safetensors-files.ts";
import { fixtureBytes, scratch, sentence, withModel } from "./support.ts";
import {
  archive,
  calls,
  dict,
  global,
  int,
  pickle,
  storage,
  tensor,
  text,
  tuple,
} from "./torch-files.ts";

const write = scratch();
const says = (name: string, bytes: Uint8Array): Promise<string> => sentence(write(name, bytes));

/** Runs with the heap's and buffers' growth watched. */
async function modestly(run: () => Promise<unknown>): Promise<void> {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  globalThis.gc?.();
  const before = used();
  await run();
  assert.ok(used() - before < 64 * 2 ** 20, `${used() - before} bytes`);
}

const SYSTEM = calls(global("os", "system"), tuple(text("touch /tmp/convlens-was-here")));

describe("hostile pickles", () => {
  it("a call to os.system is a name; the weights beside it are read", async () => {
    const file = write(
      "system.pt",
      archive(pickle(dict(["run", SYSTEM], ["fc.weight", tensor({})]))),
    );
    await withModel(file, (graph) => {
      assert.deepEqual(
        graph.layers.map(({ name }) => name),
        ["fc"],
      );
    });
  });
  it("nothing but a call to os.system", async () => {
    assert.match(await says("only.pt", archive(pickle(SYSTEM))), /no tensors of a network/);
  });
  it("calls inside calls, without end", async () => {
    const from = global("torch._tensor", "_rebuild_from_type_v2");
    const nested = Array.from({ length: 2000 }, () => [...from, 0x28, ...from, 0x4e]).flat();
    await modestly(async () => {
      assert.match(await says("calls.pt", archive(pickle(nested))), /nests without end/);
    });
  });
  for (const [what, code, reason] of [
    ["lists inside lists", Array<number>(600_000).fill(0x5d), /more objects/],
    ["marks without end", Array<number>(100_000).fill(0x28), /nests without end/],
    ["a number of 4 GB", [0x8b, 0xff, 0xff, 0xff, 0x7f], /a number of/],
    ["a string of 2 GB", [0x58, 0xff, 0xff, 0xff, 0x7f], /cut short/],
    ["bytes of 2^63", [0x8e, 0, 0, 0, 0, 0, 0, 0, 0x80], /cut short/],
    ["a line without an end", [0x63, ...Array<number>(10_000).fill(65)], /line without an end/],
    ["an empty stack", [0x30, 0x30], /stack runs empty/],
    ["what it has not made", [0x68, 7], /not made/],
    ["an extension code", [0x82, 1], /opcode 0x82/],
    ["an out-of-band buffer", [0x97], /opcode 0x97/],
    [
      "a storage of another class",
      [...tuple(text("storage"), global("os", "system"), text("0"), text("cpu"), int(4)), 0x51],
      /no storage/,
    ],
  ] as const)
    it(what, async () => {
      await modestly(async () => {
        const message = await says("code.pt", archive(pickle(code)));
        assert.match(message, /damaged or foreign pickle/);
        assert.match(message, reason);
      });
    });
  it("a dict that holds itself, and lists that share lists", async () => {
    let lists: number[] = [0x5d, 0x71, 0];
    for (let i = 0; i < 60; i++)
      lists = [...lists, 0x30, 0x5d, 0x28, 0x68, i, 0x68, i, 0x65, 0x71, i + 1];
    const itself = [
      0x7d,
      0x71,
      100,
      0x28,
      ...text("me"),
      0x68,
      100,
      ...text("all"),
      ...lists,
      0x75,
    ];
    assert.match(await says("loop.pt", archive(pickle(itself))), /no tensors/);
  });
  it("cut in the middle", async () => {
    const bytes = archive(pickle(dict(["w", tensor({})])).subarray(0, 40));
    assert.match(await says("cut.pt", bytes), /cut short/);
  });
});

describe("tensors that lie", () => {
  for (const [what, view, reason] of [
    [
      "more elements than the file has",
      { count: 1 << 30, shape: [1 << 30], strides: [1] },
      /declares 4294967296 bytes.*holds 16/,
    ],
    ["behind its storage", { offset: 1 }, /needs 20 bytes of 16/],
    ["steps behind its storage", { strides: [100, 1] }, /needs 408 bytes/],
    ["a negative offset", { offset: -4 }, /make no tensor/],
    ["a negative length", { shape: [-2, 2] }, /make no tensor/],
    ["more axes than steps", { strides: [1] }, /make no tensor/],
  ] as const)
    it(what, async () => {
      const bytes = archive(pickle(dict(["fc.weight", tensor(view)])));
      assert.match(await says("tensor.pt", bytes), reason);
    });
  it("a view that repeats one number 10^12 times is not written out", async () => {
    const view = { shape: [1_000_000, 1_000_000], strides: [0, 0] };
    const file = write("repeat.pt", archive(pickle(dict(["fc.weight", tensor(view)]))));
    await modestly(() =>
      withModel(file, async (graph) => {
        await assert.rejects(
          graph.weights.read("fc.weight"),
          /declares more numbers than are stored/,
        );
      }),
    );
  });
  it("a storage in no folder of the archive", async () => {
    const escaping = calls(
      global("torch._utils", "_rebuild_tensor_v2"),
      tuple(
        storage(int(4), "../../../etc/passwd"),
        int(0),
        tuple(int(4)),
        tuple(int(1)),
        [0x89],
        [0x4e],
      ),
    );
    const bytes = archive(pickle(dict(["w", escaping])));
    assert.match(await says("escape.pt", bytes), /holds 0/);
  });
  it("storages before PyTorch 1.6 that are longer than the file", async () => {
    const bytes = Buffer.from(fixtureBytes("torch/tiny_legacy.pth"));
    // the first storage: scale, 3 numbers
    const at = bytes.indexOf(Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]));
    bytes.writeBigUInt64LE(1n << 40n, at);
    assert.match(await says("long.pth", bytes), /declares 4398046511104 bytes/);
    bytes.writeBigUInt64LE(1n << 63n, at);
    assert.match(await says("negative.pth", bytes), /more than it holds/);
    assert.match(await says("short.pth", bytes.subarray(0, at + 4)), /cut short/);
  });
  it("a packed pickle that unpacks to more than any needs", async () => {
    const bytes = zipSync({ "net/data.pkl": new Uint8Array(1 << 25) }, { level: 9 });
    await modestly(async () => {
      assert.match(await says("bomb.pt", bytes), /unpacks to 33554432 bytes, more than/);
    });
  });
});

describe("safetensors that lie", () => {
  for (const [what, bytes, reason] of [
    ["a header of 2^60 bytes", file({ a: entry(0, 16) }, 16, 1n << 60n), /declares a header of/],
    [
      "a header longer than the file",
      file({ a: entry(0, 16) }, 16, 5000n),
      /declares a header of 5000/,
    ],
    ["outside the file", file({ a: entry(0, 160) }), /outside the file/],
    ["backwards", file({ a: entry(16, 0, [4]) }), /outside the file/],
    ["another size than its shape", file({ a: entry(0, 16, [1 << 20, 1 << 20]) }), /in 16 bytes/],
    ["a negative length", file({ a: entry(0, 16, [-2, -2]) }), /no element type, shape and place/],
    ["overlap", file({ a: entry(0, 12), b: entry(8, 16) }), /gap or an overlap before 'b'/],
    ["a gap", file({ a: entry(0, 8), b: entry(12, 16) }), /gap or an overlap/],
    ["bytes that belong to nothing", file({ a: entry(0, 8) }), /longer than its tensors/],
    ["no tensors", file({ __metadata__: { format: "pt" } }, 0), /no tensors/],
    ["a list", file({ a: [1, 2] }), /no element type/],
    ["not JSON", file('{"a": ', 0), /not JSON/],
    [
      "nested without end",
      file(`{"a": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
      /nested deeper/,
    ],
  ] as const)
    it(what, async () => {
      assert.match(await says("a.safetensors", bytes), reason);
    });
  it("names that objects inherit", async () => {
    const bytes = file('{"__proto__": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}');
    const graph = await readModel(write("proto.safetensors", bytes));
    assert.equal((await graph.weights.read("__proto__")).data.length, 4);
    graph.weights.close();
  });
  it("an element type that is not read is named when it is read, not before", async () => {
    const bytes = file({ a: { dtype: "C64", shape: [2], data_offsets: [0, 16] } });
    await withModel(write("complex.safetensors", bytes), async (graph) => {
      await assert.rejects(graph.weights.read("a"), /'a' is stored as C64, which is not read/);
    });
  });
});

describe("exported programs that lie", () => {
  const weights = archive(pickle(dict(["w", tensor({})])));

  it("an operation that is code or not known is shown, never run, and its shape is the file's", async () => {
    for (const target of [
      "torch.ops.mine.system.default",
      "os.system",
      "constructor",
      "torch.ops.aten.__proto__.default",
    ]) {
      const bytes = pt2(program([operation(target, self)], { y: sizes(1, 2, 4, 4) }));
      await withModel(write("code.pt2", bytes), (graph) => {
        const layer = graph.layers.at(-1);
        assert.match(layer?.opaque ?? "", /not understood/);
        assert.deepEqual(layer?.fileShape, [null, 2, 4, 4]);
        assert.match(
          graph.notes.join(),
          new RegExp(`not understood: ${target.replaceAll(".", "\\.")}`),
        );
      });
    }
  });
  for (const [what, bytes, reason] of [
    ["no graph", pt2({ graph_module: {} }), /no exported program that is known/],
    ["not JSON", pt2("{"), /not JSON/],
    ["nested without end", pt2("[".repeat(100_000) + "]".repeat(100_000)), /nested deeper/],
    [
      "a parameter that is not there",
      pt2(program([], {}, [spec])),
      /does not hold its parameter 'w'/,
    ],
    [
      "a parameter of another shape",
      pt2(program([], { p_w: sizes(1 << 15, 1 << 15) }, [spec]), {
        "serialized_state_dict.pt": weights,
      }),
      /'w' with shape \[2, 2\], but the program needs \[32768, 32768\]/,
    ],
    [
      "a parameter behind its storage",
      pt2(program([], { p_w: sizes(2, 2) }, [spec]), {
        "serialized_state_dict.pt": archive(pickle(dict(["w", tensor({ offset: 9 })]))),
      }),
      /says of 'w' what cannot be/,
    ],
    ["an output that nothing computes", pt2(program([], {})), /nothing computes its output 'y'/],
    [
      "a program that is packed beyond measure",
      zipSync({ [PROGRAM]: new Uint8Array(1 << 25) }, { level: 9 }),
      /unpacks to 33554432 bytes/,
    ],
  ] as const)
    it(what, async () => {
      await modestly(async () => {
        assert.match(await says("lie.pt2", bytes), reason);
      });
    });
  it("a size that cannot be is not known, and the layer is shown", async () => {
    for (const wrong of [sizes(1, 2, 0.5, 4), sizes(1, 8, 8, 1e9)])
      await withModel(
        write("size.pt2", pt2(program([operation("os.system", self)], { y: wrong }))),
        (graph) => {
          const layer = graph.layers.at(-1);
          assert.match(layer?.opaque ?? "", /not understood/);
          assert.equal(layer?.fileShape, undefined);
        },
      );
  });
  it("a constant of 10^12 numbers is not made", async () => {
    const size = { name: "size", arg: { as_ints: [1_000_000, 1_000_000] } };
    const fill = { name: "fill_value", arg: { as_int: 1 } };
    const bytes = pt2(
      program([operation("torch.ops.aten.full.default", size, fill)], { y: sizes(2) }),
    );
    await modestly(() =>
      withModel(write("full.pt2", bytes), (graph) => {
        assert.match(graph.layers.at(-1)?.opaque ?? "", /a constant/);
      }),
    );
  });
  it("names that leave the archive", async () => {
    const config = {
      config: {
        w: {
          ...{ path_name: "../../../../etc/passwd", is_param: true, use_pickle: false },
          tensor_meta: {
            ...sizes(2, 2),
            strides: [{ as_int: 2 }, { as_int: 1 }],
            storage_offset: { as_int: 0 },
          },
        },
      },
    };
    const bytes = zipSync({
      "m/models/model.json": Buffer.from(JSON.stringify(program([], { p_w: sizes(2, 2) }, [spec]))),
      "m/data/weights/model_weights_config.json": Buffer.from(JSON.stringify(config)),
    });
    assert.match(await says("leave.pt2", bytes), /does not hold its parameter 'w'/);
  });
});
