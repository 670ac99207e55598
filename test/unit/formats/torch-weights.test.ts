/** PyTorch's and safetensors' weights against the numbers that were saved, and against the Keras file of the same network. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { summariseLayers } from "../../../src/methods/inspect/layers.ts";
import { readFilters } from "../../../src/methods/filters/index.ts";
import { OpenModel } from "../../../src/session/index.ts";
import type { ModelGraph } from "../../../src/graph/index.ts";
import { sizeOf, type TensorData } from "../../../src/base/tensor.ts";
import { fixture, layerOf, weightOf, withModel } from "./support.ts";

interface Saved {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
const saved = JSON.parse(readFileSync(fixture("torch/tiny.json"), "utf8")) as Record<string, Saved>;
const savedAs = (name: string): Saved => saved[name] ?? assert.fail(`no ${name} was saved`);

/** Row-major numbers with axes in another order. */
function transposed({ shape, data }: Saved, perm: readonly number[]): number[] {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const at = (axes: readonly number[], start: number): number[] => {
    const [axis, ...rest] = axes;
    if (axis === undefined) return [data[start] ?? NaN];
    return Array.from({ length: shape[axis] ?? 0 }, (_, i) =>
      at(rest, start + i * (strides[axis] ?? 0)),
    ).flat();
  };
  return at(perm, 0);
}

const FILES = [
  ...["tiny_legacy", "tiny_protocol5", "tiny_channels_last", "tiny_views", "tiny_float16"],
  ...["tiny_bfloat16", "tiny_float64", "tiny_module", "tiny_module_legacy", "tiny_checkpoint"],
].map((name) => `torch/${name}.pth`);
/** [layer, weight, its name in the file, order of axes in the graph]. */
const WEIGHTS = [
  ["conv", "weight", "conv.weight", [2, 3, 1, 0]],
  ["conv", "bias", "conv.bias", [0]],
  ["norm", "weight", "norm.weight", [0]],
  ["norm", "running_mean", "norm.running_mean", [0]],
  ["norm", "running_var", "norm.running_var", [0]],
  ["dw", "weight", "dw.weight", [2, 3, 0, 1]],
  ["up", "weight", "up.weight", [2, 3, 1, 0]],
  ["line", "weight", "line.weight", [2, 1, 0]],
  ["fc", "weight", "fc.weight", [0, 1]],
  ["fc", "bias", "fc.bias", [0]],
] as const;

async function read(graph: ModelGraph, layer: string, weight: string): Promise<TensorData> {
  return graph.weights.read(weightOf(layerOf(graph, layer), weight).ref);
}

describe("what torch.save wrote", () => {
  for (const file of FILES)
    it(`${file}: every number, kernels as the graph's operations take them`, async () => {
      await withModel(fixture(file), async (graph) => {
        for (const [layer, weight, name, perm] of WEIGHTS) {
          const { shape, data } = await read(graph, layer, weight);
          const wanted = savedAs(name);
          assert.deepEqual(
            [...shape],
            perm.map((axis) => wanted.shape[axis]),
          );
          assert.deepEqual([...data], transposed(wanted, perm), `${layer} ${weight}`);
          const told = weightOf(layerOf(graph, layer), weight);
          assert.deepEqual(told.fileShape ?? told.shape, wanted.shape);
        }
      });
    });
  it("8-bit floats as torch rounds them", async () => {
    await withModel(fixture("torch/tiny_float8_e5m2.pth"), async (graph) => {
      const { data } = await read(graph, "fc", "weight");
      // two bits of fraction: at most an eighth of the number away
      savedAs("fc.weight").data.forEach((wanted, i) => {
        assert.ok(Math.abs((data[i] ?? NaN) - wanted) <= Math.abs(wanted) / 8, `${data[i]}`);
      });
      assert.equal(weightOf(layerOf(graph, "fc"), "weight").storedDType, "float8_e5m2");
    });
  });
  it("which layers are depthwise or transposed, where the shapes tell, and that it is assumed", async () => {
    await withModel(fixture("torch/tiny_legacy.pth"), (graph) => {
      assert.equal(weightOf(layerOf(graph, "dw"), "weight").kernel, "hwcm");
      assert.equal(weightOf(layerOf(graph, "up"), "weight").kernel, "hwoi");
      assert.equal(layerOf(graph, "up").className, "ConvTranspose2d");
      assert.match(layerOf(graph, "dw").note ?? "", /taken as depthwise/);
      assert.match(graph.notes.join(), /taken as transposed.*classes/);
    });
  });
  it("a module's own classes, and what is trained", async () => {
    for (const file of ["torch/tiny_module.pth", "torch/tiny_module_legacy.pth"])
      await withModel(fixture(file), (graph) => {
        const classes = Object.fromEntries(graph.layers.map((l) => [l.name, l.className]));
        assert.deepEqual(classes, {
          ...{ scale: "Parameter", conv: "Conv2d", norm: "BatchNorm2d", dw: "Conv2d" },
          ...{ up: "ConvTranspose2d", line: "Conv1d", fc: "Linear" },
        });
        const norm = layerOf(graph, "norm").weights.map((w) => [w.name, w.trainable]);
        assert.deepEqual(Object.fromEntries(norm), {
          ...{ weight: true, bias: true },
          ...{ running_mean: false, running_var: false, num_batches_tracked: false },
        });
        // the counter of training steps is no parameter
        const params = summariseLayers(graph).find(({ name }) => name === "norm")?.params;
        assert.equal(params, 4 * savedAs("norm.weight").data.length);
        assert.match(
          graph.notRunnable ?? "",
          /Python code, which is never run.*torch\.export\.save/,
        );
      });
  });
  it("a checkpoint: the network without the optimizer and its wrapper, the rest said", async () => {
    await withModel(fixture("torch/tiny_checkpoint.pth"), (graph) => {
      assert.deepEqual(layerOf(graph, "conv").aliases, ["module.conv"]);
      const notes = graph.notes.join(" ");
      assert.match(notes, /under 'model'/);
      assert.match(notes, /begin with 'module\.'/);
      assert.match(notes, /'optimizer': \d+, 'ema \(the same names again\)'/);
    });
  });
  it("two networks in one file stand under their keys", async () => {
    await withModel(fixture("torch/tiny_two.pth"), (graph) => {
      assert.ok(layerOf(graph, "gen.conv"));
      assert.ok(layerOf(graph, "disc.head"));
    });
  });
  it("the constants of a frozen TorchScript program are filters too", async () => {
    await withModel(fixture("torch/tiny_frozen.torchscript.pt"), async (graph) => {
      const wanted = transposed(savedAs("dw.weight"), [2, 3, 0, 1]).join();
      const kernels = graph.layers.flatMap(({ weights }) => weights.filter((w) => w.kernel));
      const read = await Promise.all(kernels.map(({ ref }) => graph.weights.read(ref)));
      assert.ok(read.some(({ data }) => data.join() === wanted));
      assert.equal(graph.notRunnable, undefined);
    });
  });
});

describe("a pickled module of classes that are known runs; nothing of the file does", () => {
  it("what it is, its modules by their paths, and the size that was guessed", async () => {
    await withModel(fixture("torch/module_sequence.pth"), (graph) => {
      assert.equal(layerOf(graph, "4.0").className, "Conv2d");
      assert.match(graph.notes[0] ?? "", /pickled 'torch\.nn\.modules\.container\.Sequential'/);
      assert.match(graph.notes.join(), /1 x 28 x 28\): the first usual size that fits/);
    });
  });
  it("a class of somebody's own is opaque, and what follows depends on it", async () => {
    await withModel(fixture("torch/module_stranger.pth"), (graph) => {
      assert.equal(layerOf(graph, "0").opaque, null);
      assert.match(layerOf(graph, "1").opaque ?? "", /'someone\.net\.Stranger' is not known/);
      assert.match(layerOf(graph, "2").opaque ?? "", /depends on '1'/);
    });
  });
  it("a network whose own class is not known is its weights", async () => {
    await withModel(fixture("torch/tiny_module.pth"), (graph) => {
      assert.equal(graph.nodes.length, 0);
      assert.match(graph.notRunnable ?? "", /pickled module is Python code/);
    });
  });
});

describe("the small network's weights are those of its Keras file", () => {
  let keras: OpenModel;
  before(async () => {
    keras = await OpenModel.open(fixture("small_k2.h5"));
  });
  after(() => keras.close());
  for (const name of [
    ...[
      "small.safetensors",
      "small_f16.safetensors",
      "small_state_dict.pt",
      "small_checkpoint.pth",
    ],
    ...["small_whole_module.pth", "small_scripted.torchscript.pt", "small_traced.torchscript.pt"],
  ])
    it(name, async () => {
      const opened = await OpenModel.open(fixture(`torch/${name}`), { structure: "none" });
      // half precision keeps 11 bits
      const limit = name.includes("f16") ? 2 ** -11 : 0;
      for (const layer of ["conv1", "conv2", "conv3"]) {
        const [own, peer] = await Promise.all(
          [opened, keras].map((model) => readFilters(model.graph, model.layer(layer))),
        );
        assert.ok(own && peer);
        assert.deepEqual(own.kernel.shape, peer.kernel.shape);
        for (const [mine, theirs] of [
          [own.kernel.data, peer.kernel.data],
          [own.bias?.data ?? [], peer.bias?.data ?? []],
        ] as const) {
          assert.equal(mine.length, theirs.length);
          theirs.forEach((wanted, i) => {
            assert.ok(
              Math.abs((mine[i] ?? NaN) - wanted) <= limit * Math.max(Math.abs(wanted), 2 ** -14),
            );
          });
        }
      }
      assert.equal(opened.summary.totals.params, 89_834);
      if (name.includes("torchscript")) assert.equal(opened.summary.notRunnable, null);
      else assert.match(opened.summary.notRunnable ?? "", /torch\.export\.save.*or to ONNX/);
      opened.close();
    });
});
