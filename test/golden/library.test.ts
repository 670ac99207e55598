/** Networks of the library, fine-tuned to other classes and saved as weights alone: PyTorch's logits and Grad-CAM. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { at } from "../../src/base/at.ts";
import { sizeOf, type FloatTensor } from "../../src/base/tensor.ts";
import { createEngine } from "../../src/engine/index.ts";
import type { Engine } from "../../src/engine/types.ts";
import { forward } from "../../src/methods/forward.ts";
import { Explained, OpenModel } from "../../src/session/index.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import { safetensorsFile } from "../unit/formats/safetensors-files.ts";
import { data, relativeError, runnerOf } from "./support.ts";

/** NAME.json, as test/support/make-library.py writes it. */
interface Golden {
  readonly tensors: readonly (readonly [key: string, shape: readonly number[]])[];
  readonly side: number;
  readonly logits: readonly number[];
  readonly layer: string;
  readonly signed: readonly number[];
}
const NETWORKS = [
  ["mobilenet_v3_small", "torchvision"],
  ["shufflenet_v2_x1_0", "torchvision"],
  ["mobilenetv3_small_100", "timm"],
] as const;
const context = { signal: new AbortController().signal, progress: () => undefined };

/** The same formulas as in make-library.py. */
function numbers(count: number, seed: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (Math.imul(i + 1, 2654435761) + seed * 40503 + 1) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
  });
}
function weights(key: string, shape: readonly number[], seed: number): Float32Array {
  const count = sizeOf(shape);
  const scale = Math.sqrt(6 / (count / at(shape, 0)));
  const around1 = /(\.weight|running_var|gamma|temperature)$/.test(key);
  return Float32Array.from(numbers(count, seed), (u) =>
    shape.length >= 2 ? (2 * u - 1) * scale : around1 ? 0.5 + u : 0.2 * (u - 0.5),
  );
}

describe("weights of networks that ConvLens knows", function () {
  this.timeout(120_000);
  let engine: Engine | undefined;
  const folder = mkdtempSync(path.join(tmpdir(), "convlens-known-"));
  before(async () => {
    ({ engine } = await createEngine("auto"));
  });
  after(() => {
    engine?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, library] of NETWORKS)
    it(`${library} ${name}`, async () => {
      assert.ok(engine);
      const golden = JSON.parse(readFileSync(data(`library/${name}.json`), "utf8")) as Golden;
      const file = path.join(folder, `${name}.safetensors`);
      writeFileSync(file, saved(golden));
      const opened = await OpenModel.open(file);
      const use = opened.structure ?? assert.fail("it is not known");
      assert.equal(use.source, `${library} ${name}, by its keys and shapes`);
      assert.equal(use.confidence, "low");
      const { side } = golden;
      const pixels = Float32Array.from(numbers(side * side * 3, 999), (u) => 4 * u - 2);
      const shape = [1, side, side, 3];
      const picture: FloatTensor = { shape, dtype: "float32", data: pixels };
      const subject = { graph: opened.graph, engine };
      const [logits] = await forward(subject, [picture], [opened.scores.logits]);
      assert.ok(relativeError(logits?.data ?? [], golden.logits) < 1e-4);
      const explained = new Explained(runnerOf(opened, engine), {
        key: "picture",
        inputs: [picture],
      });
      const question = gradCam("picture", [classTarget(0)], golden.layer);
      const { maps } = await explained.cam(question, { context });
      assert.ok(relativeError(at(maps, 0).signed.data, golden.signed) < 1e-4);
      engine.release(opened.graph);
      opened.close();
    });
});

/** The weights as a file. */
function saved({ tensors }: Golden): Uint8Array {
  const header: Record<string, object> = {};
  const parts: Buffer[] = [];
  let begin = 0;
  tensors.forEach(([key, shape], seed) => {
    const bytes = Buffer.from(weights(key, shape, seed).buffer);
    header[key] = { dtype: "F32", shape, data_offsets: [begin, begin + bytes.length] };
    parts.push(bytes);
    begin += bytes.length;
  });
  return Buffer.concat([safetensorsFile(header, 0), ...parts]);
}
