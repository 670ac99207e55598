/** TorchScript's code: what is read of it, what is opaque, and what it cannot make us do. */
import assert from "node:assert/strict";
import { strToU8 } from "fflate";
import { readModel } from "../../../src/formats/index.ts";
import { atenCall } from "../../../src/formats/torchscript/arguments.ts";
import { parse } from "../../../src/formats/torchscript/parser.ts";
import { Unsupported } from "../../../src/formats/lower/unsupported.ts";
import { fixture, layerOf, scratch, withModel } from "./support.ts";
import { archive, dict, global, pickle, tensor, tuple } from "./torch-files.ts";

const write = scratch();
/** A module `Net` with a weight [2, 2] and the code of its forward, of `x` alone. */
function scripted(name: string, forward: readonly string[], more: readonly string[] = []): string {
  const code = [
    "class Net(Module):",
    '  __parameters__ = ["weight", ]',
    "  weight : Tensor",
    "  def forward(self: __torch__.Net,",
    "    x: Tensor) -> Tensor:",
    ...forward.map((line) => `    ${line}`),
    ...more.map((line) => `  ${line}`),
  ].join("\n");
  const root = [
    ...[...global("__torch__", "Net"), 0x29, 0x81, ...dict(["weight", tensor({})]), 0x62],
  ];
  return write(
    name,
    archive(pickle(root), {
      "net/constants.pkl": pickle(tuple()),
      "net/code/__torch__.py": strToU8(`${code}\n`),
    }),
  );
}

describe("what TorchScript's code says", () => {
  it("the path and class of each module, and the module's parameters", async () => {
    await withModel(fixture("torch/script_residual.pt"), (graph) => {
      const conv = layerOf(graph, "blocks.0.conv");
      assert.equal(conv.className, "Conv2d");
      assert.deepEqual(
        conv.weights.map(({ name, shape }) => [name, shape]),
        [["weight", [3, 3, 6, 6]]],
      );
      assert.deepEqual(conv.inputs, ["stem"]);
    });
  });
  it("the size of its input: the example of a trace, a guess that is said, or the size that is asked for", async () => {
    await withModel(fixture("torch/script_residual.pt"), ({ inputs, notes }) => {
      assert.deepEqual(inputs[0]?.shape, [null, 17, 14, 3]);
      assert.deepEqual(notes, []);
    });
    await withModel(fixture("torch/script_dense.pt"), ({ inputs, notes }) => {
      assert.deepEqual(inputs[0]?.shape, [null, 28, 28, 1]);
      assert.match(notes.join(), /does not tell the size.*1 x 28 x 28.*first usual size that fits/);
    });
    const free = await readModel(fixture("torch/script_pyramid.pt"), { inputSize: [20, 36] });
    assert.deepEqual(free.inputs[0]?.shape, [null, 20, 36, 2]);
    assert.equal(free.inputs[0].freeSize, true);
    free.weights.close();
  });
  it("what is not understood is opaque and named, and so is what depends on it", async () => {
    await withModel(fixture("torch/script_strange.pt"), (graph) => {
      assert.equal(layerOf(graph, "conv").opaque, null);
      assert.match(layerOf(graph, "cummax").opaque ?? "", /cummax.*not understood/);
      assert.match(layerOf(graph, "head").opaque ?? "", /depends on 'cummax'/);
    });
  });
  it("arguments by PyTorch's own schemas, the right one of several forms", () => {
    const args = (name: string, ...given: Parameters<typeof atenCall>[1]): unknown =>
      atenCall(name, given, new Map());
    const x = { ref: "x" };
    assert.deepEqual(args("max", x, 1, true), {
      operation: "max",
      args: { self: x, dim: 1, keepdim: true },
    });
    assert.deepEqual(args("max", x, { ref: "y" }), {
      operation: "max",
      args: { self: x, other: { ref: "y" } },
    });
    assert.deepEqual(args("split", x, [1, 2], 1), {
      operation: "split_with_sizes",
      args: { self: x, split_sizes: [1, 2], dim: 1 },
    });
    assert.deepEqual(args("to", x, 11), { operation: "to", args: { self: x, dtype: "bool" } });
    assert.throws(() => args("max", x, "a"), Unsupported);
  });
  it("its language, and no other", () => {
    const unit = parse('def f(x: Tensor,\n    n: int=2) -> Tensor:\n  if x:\n    a, b, = x\n  else:\n    pass\n  return "\\n\\"" if n else -1.5e-3\n'); // prettier-ignore
    const routine = unit.routines.get("f") ?? assert.fail();
    assert.deepEqual(
      routine.args.map(({ name }) => name),
      ["x", "n"],
    );
    const [test, last] = routine.body;
    assert.equal(test?.kind, "if");
    assert.deepEqual(last, {
      kind: "return",
      value: {
        kind: "choice",
        test: { kind: "name", name: "n" },
        yes: { kind: "constant", value: '\n"' },
        no: { kind: "negative", of: { kind: "constant", value: 1.5e-3 } },
      },
    });
    for (const code of ["lambda x: x", "def f(:\n  pass\n", "x = 1", "def f():\n  return `a`\n"])
      assert.throws(() => parse(code), Unsupported, code);
  });

  it("and ends where it breaks off, wherever that is", () => {
    const whole =
      'class A(Module):\n  x : Dict[str, int] = {"a": 1}\n  def f(self, y: int=(2)) -> int:\n    return g([y, 1], z={"k": (1,)})[0]\n';
    parse(whole);
    for (let length = 1; length < whole.length; length++)
      try {
        parse(whole.slice(0, length));
      } catch (error) {
        assert.ok(error instanceof Unsupported, String(error));
      }
  });
});

describe("TorchScript's code as an attack", () => {
  const refused = async (
    name: string,
    forward: readonly string[],
    says: RegExp,
    more: readonly string[] = [],
  ): Promise<void> => {
    const graph = await readModel(scripted(name, forward, more));
    const told = [graph.notRunnable, ...graph.layers.map(({ opaque }) => opaque), ...graph.notes];
    assert.match(told.join("\n"), says);
    graph.weights.close();
  };
  for (const [what, forward, says, more] of [
    ["a loop without end", ["while True:", "  y = 1", "return x"], /more steps than any network/],
    ["calls without end", ["return (self).forward(x, )"], /calls nest without end/],
    [
      "a loop of thousands of millions",
      ["for i in range(5000000000):", "  y = i", "return x"],
      /loops a number of times/,
    ],
    [
      "a list that doubles",
      ["a = [0, 0]", "for i in range(60):", "  b = torch.add(a, a)", "  a = b", "return x"],
      /list of \d+ entries/,
    ],
    ["a constant of any size", ["return torch.add(x, torch.zeros([99999, 99999, 99999]))"], /./],
    ["names of objects of ours", ["return (self).constructor(x, )"], /no code for 'constructor'/],
    ["attributes of ours", ["return torch.add(x, self.__proto__)"], /reads '__proto__'/],
    ["operators of ours", ["return torch.constructor(x)"], /not understood/],
    ["other files", ["return __torch__.....secret.f(x)"], /'\.'|not read/],
    [
      "brackets without end",
      [`return ${"(".repeat(5000)}x${")".repeat(5000)}`],
      /nests without end/,
    ],
    [
      "a method that is its own default",
      ["return (self).g(x, )"],
      /nest/,
      ["def g(self, x: Tensor) -> Tensor:", "  return (self).g(x, )"],
    ],
    [
      "no code at all",
      ['return os.system("touch /tmp/convlens-was-here")'],
      /'os\.system' is not understood/,
    ],
  ] as const)
    // prettier-ignore
    it(what, async () => {
      await refused(`${what.replaceAll(" ", "-")}.pt`, forward, says, more);
    });
  it("more calls than any network makes", async () => {
    const file = scripted("calls.pt", ["for i in range(9999):", ...Array.from({ length: 9 }, () => "  x = torch.relu(x)"), "return x"]); // prettier-ignore
    await assert.rejects(readModel(file), /more calls than any network/);
  });
});
