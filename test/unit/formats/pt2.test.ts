/** Exported programs against what PyTorch computes, on both engines. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { differentiate } from "../../../src/engine/index.ts";
import { readModel } from "../../../src/formats/index.ts";
import { moduleOf } from "../../../src/formats/pt2/modules.ts";
import {
  GraphBuilder,
  type ModelGraph,
  type NodeId,
  type TensorSpec,
} from "../../../src/graph/index.ts";
import { floats, type FloatTensor } from "../../../src/base/tensor.ts";
import { assertClose, onEachEngine } from "../../golden/support.ts";
import { fixture, layerOf, weightOf, withModel } from "./support.ts";

interface Saved {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Expected {
  readonly input: Saved;
  readonly outputs: readonly Saved[];
  readonly gradient: Saved;
}
const expected = (name: string): Expected =>
  JSON.parse(readFileSync(fixture(name), "utf8")) as Expected;

/** In the graph's order: channels last where the file has them first. */
function arranged({ shape, data }: Saved, spec: TensorSpec): FloatTensor {
  if (spec.fileShape === undefined || shape.length !== 4)
    return floats(shape, Float32Array.from(data));
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  const moved = new Float32Array(data.length);
  let i = 0;
  for (let b = 0; b < n; b++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        for (let k = 0; k < c; k++) moved[i++] = data[((b * c + k) * h + y) * w + x] ?? NaN;
  return floats([n, h, w, c], moved);
}

/** Gradient of the sum of all outputs' squares. */
function withGradient(graph: ModelGraph, input: NodeId): { graph: ModelGraph; gradient: NodeId } {
  const builder = new GraphBuilder(graph.nodes);
  const terms = graph.outputs.map(({ node, shape }) => {
    const axes = shape.map((_, axis) => axis);
    const square = builder.add("square", "square", [node]);
    return builder.add("sum", "total", [square], { axes, keepDims: false });
  });
  const total = terms.reduce((a, b) => builder.add("add", "total", [a, b]));
  const { graph: full, grads } = differentiate({ ...graph, nodes: builder.nodes }, total, [input]);
  return { graph: full, gradient: grads[0] ?? assert.fail("no gradient reaches the input") };
}

for (const [file, peer, inputSize] of [
  ["tiny.pt2", "tiny_pt2.json"],
  ["tiny_new.pt2", "tiny_pt2.json"],
  ["ops.pt2", "ops.json"],
  ["core.pt2", "core.json"],
  ["settings.pt2", "settings.json"],
  ["strided.pt2", "strided.json"],
  // exported for 1, 2 and 3 pictures, run with 2
  ["tokens_1.pt2", "tokens.json"],
  ["tokens_2.pt2", "tokens.json"],
  ["tokens_3.pt2", "tokens.json"],
  ["script_residual.pt", "script_residual.json"],
  ["script_dense.pt", "script_dense.json"],
  ["script_frozen.pt", "script_dense.json"],
  ["script_lite.ptl", "script_dense.json"],
  ["script_pyramid.pt", "script_pyramid.json", [8, 12]],
  ["script_tokens.pt", "script_tokens.json"],
  ["module_sequence.pth", "module_sequence.json"],
  ["module_many.pth", "module_many.json", [15, 18]],
  ["module_resized.pth", "module_resized.json", [5, 7]],
  ["module_fastai.pkl", "module_fastai.json", [32, 32]],
  ...["v5", "v5_segment", "v8", "v8_segment", "v8_classify", "v11", "v11_pose", "v12"].map(
    (name) => [`ultralytics_${name}.pt`, `ultralytics_${name}.json`] as const,
  ),
] as const)
  describe(`${file} against PyTorch`, () => {
    const told = expected(`torch/${peer}`);
    let graph: ModelGraph;
    before(async () => {
      graph = await readModel(fixture(`torch/${file}`), { inputSize });
    });
    after(() => {
      graph.weights.close();
    });
    it("everything is understood", () => {
      assert.deepEqual(
        graph.layers
          .filter(({ opaque }) => opaque !== null)
          .map(({ name, opaque }) => [name, opaque]),
        [],
      );
    });
    onEachEngine((engine) => {
      it("every output, and the gradient of the input", async () => {
        const [spec] = graph.inputs;
        assert.ok(spec);
        const { graph: full, gradient } = withGradient(graph, spec.node);
        const fetches = [...graph.outputs.map(({ node }) => node), gradient];
        const program = await engine().compile(full, [spec.node], fetches);
        const results = await program.run([arranged(told.input, spec)]);
        assert.equal(graph.outputs.length, told.outputs.length);
        graph.outputs.forEach((output, i) => {
          const wanted = arranged(told.outputs[i] ?? assert.fail(), output);
          assertClose(results[i] as FloatTensor, wanted, `output ${i} (${output.name})`);
        });
        assertClose(results.at(-1) as FloatTensor, arranged(told.gradient, spec), "gradient");
        engine().release(graph);
      });
    });
  });

describe("what an exported program tells", () => {
  it("the module, its class, the operation's name and the line of code", async () => {
    await withModel(fixture("torch/small.pt2"), (graph) => {
      const conv = layerOf(graph, "conv2");
      assert.equal(conv.className, "Conv2d");
      assert.deepEqual(conv.aliases, ["conv2d_1"]);
      assert.deepEqual(conv.source, { file: "/home/someone/oracle/lib/small_torch.py", line: 13 });
      assert.deepEqual(conv.fileShape, [null, 32, 16, 16]);
      assert.deepEqual(conv.inputs, ["pool1"]);
      const kernel = weightOf(conv, "weight");
      assert.deepEqual(kernel.fileShape, [32, 16, 3, 3]);
      assert.deepEqual([kernel.shape, kernel.kernel], [[3, 3, 16, 32], "hwio"]);
    });
  });
  it("module paths in each way that exporters write them", () => {
    for (const [written, path] of [
      ["L['self'].layer1[0].conv", "layer1.0.conv"],
      ["getattr(L['self'].features, '0')", "features.0"],
      ["getattr(getattr(L['self'].blocks, '2').convs, '10').conv", "blocks.2.convs.10.conv"],
      ["layer1.0.conv", "layer1.0.conv"],
      ["L['self'].layer1._modules['0'].conv@1", "layer1.0.conv"],
    ] as const) {
      const moduleStack = `key,${written},torch.nn.modules.conv.Conv2d`;
      const node = { target: "", inputs: new Map(), outputs: [], stackTrace: "", moduleStack };
      assert.equal(moduleOf(node)?.path, path, written);
    }
  });
  it("a module's operations are one layer, and its second call another", async () => {
    await withModel(fixture("torch/ops.pt2"), (graph) => {
      assert.equal(layerOf(graph, "std").className, "Standardised");
      assert.deepEqual(weightOf(layerOf(graph, "std"), "weight").shape, [3, 3, 4, 3]);
      assert.deepEqual(layerOf(graph, "block.act:1").className, "ReLU");
      assert.notEqual(layerOf(graph, "block.act").output, layerOf(graph, "block.act:1").output);
      assert.equal(weightOf(layerOf(graph, "depthwise"), "weight").kernel, "hwcm");
      assert.equal(weightOf(layerOf(graph, "up"), "weight").kernel, "hwoi");
    });
  });
  it("what reads memory in an order of its own is shown, and not executed", async () => {
    await withModel(fixture("torch/windows.pt2"), (graph) => {
      const [, ...layers] = graph.layers;
      const why = "it reads the memory of its input in an order of its own";
      assert.deepEqual(
        layers.map(({ className, opaque }) => [className, opaque]),
        ["as_strided", "as_strided", "as_strided"].map((name) => [name, why]),
      );
    });
  });
  it("a size that is left free: as asked, else the example's, and said", async () => {
    const sizes = async (options: { inputSize?: [number, number] }): Promise<[unknown, string]> => {
      const graph = await readModel(fixture("torch/tiny.pt2"), options);
      graph.weights.close();
      return [graph.inputs[0]?.fileShape, graph.notes.join()];
    };
    const [own, note] = await sizes({});
    assert.deepEqual(own, [null, 3, 9, 7]);
    assert.match(note, /input 'x' free; 3 x 9 x 7 is used \(the example's\)/);
    const [given, said] = await sizes({ inputSize: [17, 7] });
    assert.deepEqual(given, [null, 3, 17, 7]);
    assert.match(said, /3 x 17 x 7 is used \(as given\)/);
  });
});

describe("a learner of fastai", () => {
  it("has the names of its classes, by their places", async () => {
    const graph = await readModel(fixture("torch/module_fastai.pkl"), { inputSize: [32, 32] });
    graph.weights.close();
    assert.deepEqual(graph.labels, ["ant", "bee", "cat", "dog", "elk"]);
  });
});
