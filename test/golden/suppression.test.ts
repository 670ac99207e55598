/** Detectors that end in their own non-maximum suppression: what is left is what ONNX Runtime, TensorFlow and TensorFlow Lite leave. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { convlens, json, WASM } from "./cli-support.ts";
import { data } from "./support.ts";

const file = (name: string): string => data(`suppression/${name}`);
const INPUT = ["--input", file("x.npy")];
/** [box, class, score, left, top, width, height] */
type Row = readonly [number, number, number, number, number, number, number];

/** By file, what else is asked for where the file computes its limits, and what is said. */
const FILES: Readonly<Record<string, { readonly ask?: readonly string[]; readonly read: RegExp }>> =
  {
    "corners.onnx": { read: /at most 7 boxes of a class.*x first, as PyTorch's exporter/ },
    "y_first.onnx": { read: /corners, y first, in pixels.*IoU of at most 0.3/ },
    "centre.onnx": { read: /centre and size, in pixels/ },
    // boxes moved apart by their class, so that one suppression does for all
    "apart.onnx": { read: /at most 7 boxes\./ },
    "fed_limits.onnx": { ask: ["--score", "0.25", "--iou", "0.45"], read: /7 boxes of a class/ },
    // it has no least score of its own
    "nms.pt2": { ask: ["--score", "0.4"], read: /IoU of at most 0.3.*different classes suppress/ },
    "v3.pb": { read: /NonMaxSuppressionV3.*different classes suppress each other/ },
    "v4.pb": { read: /NonMaxSuppressionV4.*at most 9 boxes/ },
    "v5.pb": { read: /NonMaxSuppressionV5.*in shares|in shares.*NonMaxSuppressionV5/ },
    "combined.pb": { read: /CombinedNonMaxSuppression.*5 boxes of a class, at most 12 boxes/ },
    "fast.tflite": { read: /TFLite_Detection_PostProcess.*different classes suppress/ },
    "regular.tflite": { read: /in shares of the picture.*TFLite_Detection_PostProcess/ },
  };

describe("detectors that end in their own suppression", () => {
  let wanted: Readonly<Record<string, readonly Row[]>>;
  before(async () => {
    wanted = JSON.parse(await readFile(file("boxes.json"), "utf8")) as typeof wanted;
  });

  for (const [name, { ask = [], read }] of Object.entries(FILES))
    it(`${name}: the boxes that are left are the runtime's`, async () => {
      const said = await json("predict", file(name), ...INPUT, ...WASM, ...ask);
      assert.equal(said["kind"], "detection");
      assert.match(String(said["why"]), /ends the network: it chooses among 64 boxes/);
      assert.match(String(said["read"]), read);
      const boxes = said["boxes"] as readonly Readonly<Record<string, number>>[];
      const rows = wanted[name] ?? assert.fail(`nothing is known of ${name}`);
      assert.ok(rows.length > 6);
      assert.deepEqual(
        boxes.map((own) => [own["box"], own["class"]]),
        rows.map(([box, kind]) => [box, kind]),
      );
      for (const [i, [, , ...numbers]] of rows.entries())
        ["score", "x", "y", "width", "height"].forEach((key, at) => {
          const found = boxes[i]?.[key] ?? NaN;
          assert.ok(Math.abs(found - (numbers[at] ?? NaN)) < 1e-4, `${key} of ${i}: ${found}`);
        });
    });

  it("a box is explained through what its suppression is fed, alike in both formats of one network", async () => {
    const map = async (name: string): Promise<unknown> => {
      const said = await json("cam", file(name), ...INPUT, ...WASM, "--target", "box:21,class:0");
      assert.equal(said["target"], "box:21");
      const [first] = said.arrays;
      return first && { shape: first.shape, max: Number(first.max.toPrecision(4)) };
    };
    assert.deepEqual(await map("combined.pb"), await map("corners.onnx"));
  });

  it("layers behind it are not run, and it is said why", async () => {
    const { out } = await convlens("inspect", file("corners.onnx"));
    assert.match(out, /not run: 1 layer; \d more depend on them/);
    assert.match(out, /suppression \(NonMaxSuppression\): .*asked about in its place/);
  });
});
