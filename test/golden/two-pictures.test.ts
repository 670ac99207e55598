/** A network that looks at two pictures: what is asked of one of them is told of that one. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { floats } from "../../src/base/tensor.ts";
import { encodeNpy } from "../../src/pictures/index.ts";
import * as onnx from "../unit/formats/onnx-files.ts";
import { json, refused, WASM } from "./cli-support.ts";

/** Two branches, [N, 1, 4, 4] -> ReLU of a convolution -> mean, behind which an output takes what both say, and another the second alone. */
function network(): Uint8Array {
  const branch = (x: string): onnx.Made[] => [
    onnx.node({ op: "Conv", inputs: [x, `k_${x}`], outputs: [`conv_${x}`] }),
    onnx.node({ op: "Relu", inputs: [`conv_${x}`], outputs: [`maps_${x}`] }),
    onnx.node({ op: "GlobalAveragePool", inputs: [`maps_${x}`], outputs: [`pool_${x}`] }),
    onnx.node({ op: "Flatten", inputs: [`pool_${x}`], outputs: [`flat_${x}`] }),
  ];
  const dense = (from: string, output: string): onnx.Made =>
    onnx.node({ op: "MatMul", inputs: [from, `w_${output}`], outputs: [output] });
  const numbers = (name: string, shape: readonly number[], ...values: number[]): onnx.Made =>
    onnx.tensor({ name, shape, raw: onnx.floats(...values) });
  return onnx.model(
    onnx.graph({
      nodes: [
        ...[...branch("left"), ...branch("right")],
        onnx.node({
          ...{ op: "Concat", inputs: ["flat_left", "flat_right"], outputs: ["both"] },
          attributes: [onnx.int("axis", 1)],
        }),
        ...[dense("both", "first"), dense("flat_right", "second")],
      ],
      initializers: [
        numbers("k_left", [2, 1, 1, 1], 1, -1),
        numbers("k_right", [2, 1, 1, 1], 2, -1),
        numbers("w_first", [4, 3], 1, 2, 3, -1, 2, 1, 3, 1, 1, 2, -2, 1),
        numbers("w_second", [2, 3], 1, -1, 2, 3, 1, -2),
      ],
      inputs: ["left", "right"].map((name) => onnx.value(name, ["N", 1, 4, 4])),
      outputs: ["first", "second"].map((name) => onnx.value(name, ["N", 3])),
    }),
  );
}

describe("a network of two pictures", () => {
  let folder: string;
  let ask: string[];
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-two-"));
    const file = path.join(folder, "two.onnx");
    await writeFile(file, network());
    const inputs = ["left", "right"].map(async (name, i) => {
      const array = path.join(folder, `${name}.npy`);
      const data = Float32Array.from({ length: 16 }, (_, cell) => ((cell * (7 + i)) % 16) / 16);
      await writeFile(array, encodeNpy(floats([1, 1, 4, 4], data)));
      return ["--input", `${name}=${array}`];
    });
    ask = [file, ...(await Promise.all(inputs)).flat(), ...WASM];
  });
  after(() => rm(folder, { recursive: true }));

  const guided = ["--method", "guided-grad-cam"];

  it("Guided Grad-CAM is guided by a layer over the picture that is attributed", async () => {
    for (const [on, picture] of [
      [[], "left"],
      [["--on", "left"], "left"],
      [["--on", "right"], "right"],
    ] as const) {
      const said = await json("attribute", ...ask, ...guided, ...on);
      assert.deepEqual([said["input"], said["layer"]], [picture, `maps_${picture}`]);
    }
    const other = [...guided, "--on", "right", "--layer", "maps_left"];
    await refused(2, /'maps_left' are positions of 'left', not of 'right'/, "attribute", ...ask, ...other); // prettier-ignore
  });

  it("and by one before the output that is asked about", async () => {
    const second = [...guided, "--on", "right", "--output", "second"];
    const said = await json("attribute", ...ask, ...second);
    assert.deepEqual([said["output"], said["layer"]], ["second", "maps_right"]);
  });
});
