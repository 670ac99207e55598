/** What files of Ultralytics' structure say beside their numbers (those stand in pt2.test.ts), and what they cannot make us do. */
import assert from "node:assert/strict";
import { readModel } from "../../../src/formats/index.ts";
import { OpenModel } from "../../../src/session/index.ts";
import { fixture, layerOf, scratch, withModel } from "./support.ts";
import { archive, dict, global, int, pickle, text } from "./torch-files.ts";

const write = scratch();
const FILES = ["v5", "v5_segment", "v8", "v8_segment", "v8_classify", "v11", "v11_pose", "v12"];

describe("files of Ultralytics' structure", () => {
  for (const name of FILES)
    it(`${name}: boxes or classes, their names, how pixels are scaled, the size of its training`, async () => {
      const opened = await OpenModel.open(fixture(`torch/ultralytics_${name}.pt`), {
        structure: "none",
      });
      const [output] = opened.summary.outputs;
      assert.equal(output?.kind, name.endsWith("classify") ? "classes" : "detection");
      assert.deepEqual(
        opened.graph.labels,
        name.endsWith("pose") ? ["cat"] : ["cat", "dog's", "bird"],
      );
      assert.equal(opened.graph.scaling?.scale, 1 / 255);
      assert.deepEqual(opened.graph.inputs[0]?.shape, [null, 32, 32, 3]);
      assert.match(opened.graph.notes.join(), /3 x 32 x 32 is used \(that of its training\)/);
      opened.close();
    });
  for (const name of ["v8_segment", "v11_pose"])
    it(`${name}: the automatic layers are what the head takes of each scale, of a box its own; none of masks or points`, async () => {
      const opened = await OpenModel.open(fixture(`torch/ultralytics_${name}.pt`));
      const { name: fine, merged } = opened.summary.camLayer ?? assert.fail();
      assert.deepEqual([...merged, fine], ["model.5.cv2.act", "model.8.cv2.act"]);
      const output = opened.outputs.find(null);
      const of = (box: number): string | undefined =>
        opened.camLayerOf({ output, where: { kind: "box", box } })?.name;
      // 4 x 4 boxes, and 2 x 2 behind them
      assert.deepEqual([of(0), of(15), of(16), of(19)], [fine, fine, ...merged, ...merged]);
      opened.close();
    });
  it("its blocks' modules are layers, by their paths", async () => {
    await withModel(fixture("torch/ultralytics_v12.pt"), (graph) => {
      assert.equal(layerOf(graph, "model.5.m.0.0.attn.pe.conv").className, "Conv2d");
      assert.equal(layerOf(graph, "model.10.cv2.0.2").className, "Conv2d");
    });
  });
});

type Pairs = readonly (readonly [string, readonly number[]])[];
/** An object of a class, with attributes. */
const thing = (module: string, name: string, ...state: Pairs): number[] => [
  ...global(module, name),
  ...[0x29, 0x81, ...dict(...state), 0x62],
];
const module = (where: string, name: string, children: Pairs, ...more: Pairs): number[] =>
  thing(where, name, ["_parameters", dict()], ["_modules", dict(...children)], ...more);

describe("files of Ultralytics' structure as attacks", () => {
  const weight = [
    ...global("torch._utils", "_rebuild_tensor_v2"),
    ...[0x28, 0x28, ...text("storage"), ...global("torch", "FloatStorage"), ...text("0")],
    ...[...text("cpu"), ...int(4), 0x74, 0x51, ...int(0)],
    ...[0x28, ...int(1), ...int(1), ...int(2), ...int(2), 0x74],
    ...[0x28, ...int(4), ...int(4), ...int(2), ...int(1), 0x74, 0x89, 0x4e, 0x74, 0x52],
  ];
  const conv = thing(
    "torch.nn.modules.conv",
    "Conv2d",
    ["_parameters", dict(["weight", weight])],
    ["_modules", dict()],
    ["f", int(-1)],
  );
  const file = (name: string, ...layers: Pairs): string => {
    const list = module("torch.nn.modules.container", "Sequential", layers);
    const root = module("ultralytics.nn.tasks", "DetectionModel", [["model", list]]);
    return write(name, archive(pickle(root)));
  };
  const identity = (f: readonly number[]): number[] =>
    module("torch.nn.modules.linear", "Identity", [], ["f", f]);
  for (const [what, layers, says] of [
    [
      "a layer that takes from one behind it",
      [
        ["0", conv],
        ["1", identity(int(7))],
      ],
      null,
    ],
    [
      "a layer that takes from nowhere",
      [
        ["0", conv],
        ["1", identity(text("x"))],
      ],
      null,
    ],
    [
      "a block that pools without end",
      [
        ["0", conv],
        [
          "1",
          module(
            "ultralytics.nn.modules.block",
            "SPPF",
            [
              ["cv1", identity(int(-1))],
              ["m", identity(int(-1))],
            ],
            ["n", int(2000000000)],
            ["f", int(-1)],
          ),
        ],
      ],
      /pools 2000000000 times/,
    ],
    [
      "an unknown block",
      [
        ["0", conv],
        ["1", module("ultralytics.nn.modules.block", "constructor", [], ["f", int(-1)])],
      ],
      /'ultralytics.nn.modules.block.constructor' is not known/,
    ],
  ] as const)
    // prettier-ignore
    it(what, async () => {
      const graph = await readModel(
        file(
          `${what.replaceAll(" ", "-")}.pt`,
          ...layers.map(([name, code]) => [name, code] as const),
        ),
      );
      const told = graph.layers.map(({ opaque }) => opaque).join("\n");
      if (says === null) assert.match(graph.notRunnable ?? "", /pickled module/);
      else assert.match(told, says);
      graph.weights.close();
    });
});
