/** Detectors whose file ends at moves of anchors that it leaves out: boxes are those that torchvision decodes, or EfficientDet's formula. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import { createEngine } from "../../src/engine/index.ts";
import { tableOf } from "../../src/methods/outputs/index.ts";
import { encodeNpy } from "../../src/pictures/index.ts";
import { OpenModel } from "../../src/session/index.ts";
import { json, WASM } from "./cli-support.ts";
import { data, runnerOf } from "./support.ts";

const file = (name: string): string =>
  data(`anchors/${name}.${name === "efficientdet-separable" ? "keras" : "onnx"}`);
/** The same numbers as in make-anchors.py and make-efficientdet.py. */
const picture = ([height, width]: readonly [number, number]): FloatTensor => {
  const cells = Float32Array.from(
    { length: height * width * 3 },
    (_, i) => ((i * 7919) % 997) / 997,
  );
  return floats([1, height, width, 3], cells);
};
/** [place, class, score, left, top, width, height] */
type Row = readonly [number, number, number, number, number, number, number];

const EFFICIENT = {
  size: [256, 192] as const,
  said: /EfficientDet as they were published are assumed\./,
};

describe("anchors by a published rule", () => {
  let wanted: Readonly<Record<string, readonly Row[]>>;
  let folder: string;
  before(async () => {
    const read = async (name: string): Promise<typeof wanted> =>
      JSON.parse(await readFile(data(`anchors/${name}.json`), "utf8")) as typeof wanted;
    wanted = { ...(await read("boxes")), ...(await read("efficientdet")) };
    folder = await mkdtemp(path.join(tmpdir(), "convlens-anchors-"));
  });
  after(() => rm(folder, { recursive: true }));

  const NETWORKS = {
    ssd300: {
      size: [300, 300] as const,
      said: /SSD300 as torchvision has them are assumed.*class 0 is/,
    },
    ssdlite320: { size: [320, 320] as const, said: /SSDLite320 as torchvision/ },
    retinanet: {
      size: [104, 88] as const,
      said: /RetinaNet as torchvision has them are assumed\./,
    },
    // maps of each grid, the same joined behind a sigmoid, and Keras' layers with channels last
    "efficientdet-grids": EFFICIENT,
    "efficientdet-joined": EFFICIENT,
    "efficientdet-separable": EFFICIENT,
  } satisfies Record<string, { size: readonly [number, number]; said: RegExp }>;
  for (const [name, { size, said }] of Object.entries(NETWORKS)) {
    it(`${name}: every box that was looked at is the reference's`, async () => {
      const opened = await OpenModel.open(file(name));
      const { engine } = await createEngine("wasm");
      const fed = { key: "x", inputs: [picture(size)] };
      const boxes = opened.outputs.scored(opened.outputs.find(null));
      const { graph, node } = tableOf(opened.outputs.graphOf(boxes), boxes);
      const table = at(await runnerOf(opened, engine).values(fed, [node], graph), 0);
      const width = at(table.shape, 2);
      const rows = wanted[name] ?? [];
      assert.ok(rows.length >= 40);
      for (const [place, kind, score, left, top, wide, high] of rows) {
        const own = table.data.subarray(place * width, (place + 1) * width);
        const found = [at(own, 4 + kind), at(own, 0), at(own, 1), at(own, 2), at(own, 3)];
        [score, left + wide / 2, top + high / 2, wide, high].forEach((value, i) => {
          const off = Math.abs(value - at(found, i));
          assert.ok(off < 1e-4 * Math.max(1, Math.abs(value)), `${place}: ${found.join()}`);
        });
      }
      engine.dispose();
      opened.close();
    });

    it(`${name}: boxes are told with what was assumed, and no class that is none`, async () => {
      const input = path.join(folder, `${name}.npy`);
      await writeFile(input, encodeNpy(picture(size)));
      const told = await json("predict", file(name), "--input", input, ...WASM, "--score", "0.2");
      assert.equal(told["guessed"], true);
      assert.match(String(told["read"]), said);
      const { boxes } = told as unknown as { boxes: { class: number; score: number }[] };
      const [first] = wanted[name] ?? [];
      assert.ok(first && Math.abs((boxes[0]?.score ?? NaN) - first[2]) < 1e-5);
      if (name.startsWith("ssd")) assert.ok(boxes.every((box) => box.class > 0));
      const cam = await json("cam", file(name), "--input", input, ...WASM);
      assert.equal(cam["target"], `box:${first[0]}`);
    });
  }
});
