/** Channels first out of every format that keeps them so: the file's own shapes are shown, pictures are taken, and every answer is that of channels last. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeNpy } from "../../src/pictures/index.ts";
import { json, sample, WASM } from "./cli-support.ts";
import { assertClose, model } from "./support.ts";
import type { FloatTensor } from "../../src/base/tensor.ts";

const FILES = ["first.keras", "first.h5", "first_saved", "first_tfjs_graph", "first_tfjs_layers"];
const PICTURE = ["--image", sample("digits/pictures/digit_13_label8.png"), ...WASM];

describe("channels first", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "convlens-first-"))));
  after(() => rm(folder, { recursive: true }));

  async function made(file: string, name: string, ...args: string[]): Promise<FloatTensor> {
    const out = path.join(folder, `${file}-${args.join("-")}`);
    const [command = "", ...rest] = args;
    const of = model(`channels-first/${file}`);
    await json(command, of, ...PICTURE, ...rest, "--class", "1", "--out", out);
    return decodeNpy(await readFile(path.join(out, `${name}.npy`)), name);
  }

  for (const file of FILES)
    it(file, async () => {
      const inspected = await json("inspect", model(`channels-first/${file}`));
      assert.deepEqual(inspected["inputs"], [{ name: "x", shape: [null, 3, 20, 14] }]);
      for (const method of ["grad-cam", "score-cam", "eigen-cam"]) {
        const ask = ["cam", "--method", method] as const;
        assertClose(
          await made(file, "raw", ...ask),
          await made("last.keras", "raw", ...ask),
          method,
        );
      }
      for (const method of ["integrated-gradients", "occlusion"]) {
        const ask = ["attribute", "--method", method] as const;
        const [own, wanted] = [
          await made(file, "attribution", ...ask),
          await made("last.keras", "attribution", ...ask),
        ];
        assertClose(own, wanted, method);
      }
    });
});
