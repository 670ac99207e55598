/** Refusals say what is there: the layer that is not run, what the network takes in place of a picture, what it has no convolution for. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { floats } from "../../src/base/tensor.ts";
import { encodeNpy } from "../../src/pictures/index.ts";
import * as onnx from "../unit/formats/onnx-files.ts";
import { convlens, refused, WASM } from "./cli-support.ts";

const numbers = (name: string, ...shape: number[]): onnx.Made => {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, i) => Math.sin(i + 1));
  return onnx.tensor({ name, shape, raw: onnx.floats(...values) });
};
const step = (op: string, inputs: string[], output: string): onnx.Made =>
  onnx.node({ op, inputs, outputs: [output] });

/** By name: numbers alone; a picture that is one vector at once; an operation that nobody knows in the middle. */
const NETWORKS = {
  vector: onnx.graph({
    nodes: [step("MatMul", ["x", "w"], "y")],
    initializers: [numbers("w", 10, 3)],
    inputs: [onnx.value("x", ["N", 10])],
    outputs: [onnx.value("y", ["N", 3])],
  }),
  flat: onnx.graph({
    nodes: [step("Flatten", ["x"], "flat"), step("MatMul", ["flat", "w"], "y")],
    initializers: [numbers("w", 48, 3)],
    inputs: [onnx.value("x", ["N", 3, 4, 4])],
    outputs: [onnx.value("y", ["N", 3])],
  }),
  middle: onnx.graph({
    nodes: [
      step("Conv", ["x", "k"], "first"),
      step("Frobnicate", ["first"], "strange"),
      step("Conv", ["strange", "k2"], "second"),
      step("GlobalAveragePool", ["second"], "pooled"),
      step("Flatten", ["pooled"], "y"),
    ],
    initializers: [numbers("k", 4, 3, 1, 1), numbers("k2", 3, 4, 1, 1)],
    inputs: [onnx.value("x", ["N", 3, 4, 4])],
    outputs: [onnx.value("y", ["N", 3])],
  }),
} as const;

describe("refusals", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-refusals-"));
    for (const [name, graph] of Object.entries(NETWORKS))
      await writeFile(at(`${name}.onnx`), onnx.model(graph));
    await writeFile(at("x.npy"), encodeNpy(floats([1, 3, 4, 4], new Float32Array(48).fill(0.5))));
    await writeFile(at("v.npy"), encodeNpy(floats([1, 10], new Float32Array(10).fill(0.5))));
  });
  after(() => rm(folder, { recursive: true }));

  it("behind an operation that is not run they name it and the file, whoever asks", async () => {
    const says = /'strange' \(the operation 'Frobnicate' is not supported\) of 'middle\.onnx'/;
    const ask = [at("middle.onnx"), "--input", at("x.npy"), ...WASM];
    await refused(3, says, "predict", ...ask);
    await refused(3, says, "cam", ...ask, "--layer", "second");
    await refused(3, says, "attribute", ...ask);
    await refused(3, says, "cam", ...ask);
    const { out } = await convlens("inspect", at("middle.onnx"));
    assert.match(out, /not run: 1 layer; 3 more depend on them\n {2}strange \(Frobnicate\)/);
    // what stands before it still works
    assert.match((await convlens("filters", at("middle.onnx"))).out, /first: kernel 1 x 1 x 3 x 4/);
  });

  it("of what takes no picture they say what it takes", async () => {
    const ask = [at("vector.onnx"), "--input", at("v.npy"), ...WASM];
    await refused(3, /vector\.onnx takes no picture.*its inputs are 'x' \(N x 10\)/, "cam", ...ask);
    await refused(3, /vector\.onnx has no convolution/, "filters", at("vector.onnx"));
  });

  it("of a network that looks at all of a picture at once they say so, and attributions work", async () => {
    const ask = [at("flat.onnx"), "--input", at("x.npy"), ...WASM];
    await refused(
      3,
      /No cell of any layer of flat\.onnx is a position of the picture/,
      "cam",
      ...ask,
    );
    const { code } = await convlens("attribute", ...ask, "--class", "0");
    assert.equal(code, 0);
  });
});
