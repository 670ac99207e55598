/** One network out of every format with one operation that nobody knows: what is said of it, and what still works. */
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { unzipSync, zipSync } from "fflate";
import { floats } from "../../src/base/tensor.ts";
import { encodeNpy } from "../../src/pictures/index.ts";
import { convlens, json, refused, WASM } from "./cli-support.ts";
import { data, model } from "./support.ts";

/** The last `from` in a file is another word of the same length. */
function renamed(bytes: Buffer, from: string, to: string): Buffer {
  const at = bytes.lastIndexOf(Buffer.from(from, "latin1"));
  assert.ok(at >= 0 && from.length === to.length, from);
  const made = Buffer.from(bytes);
  made.write(to, at, "latin1");
  return made;
}
/** The same in one file of a zip. */
const within = (bytes: Buffer, name: RegExp, from: string, to: string): Buffer => {
  const files = unzipSync(bytes);
  const [own = ""] = Object.keys(files).filter((one) => name.test(one));
  const changed = renamed(Buffer.from(files[own] ?? []), from, to);
  return Buffer.from(zipSync({ ...files, [own]: changed }));
};

/** By ending: the file in it that tells the operations, how its last ReLU is renamed, and how many convolutions there are. */
interface Changed {
  /** Under test/models/same, or a path. */
  readonly of: string;
  readonly file?: string;
  readonly change: (bytes: Buffer) => Buffer;
  readonly kernels: number;
}
const FORMATS: Readonly<Record<string, Changed>> = {
  // tag and length before a name in a protocol buffer
  ".onnx": { of: "residual.onnx", change: (b) => renamed(b, '"\x04Relu', '"\x04Frob'), kernels: 5 },
  ".pb": {
    of: "residual.pb",
    change: (b) => renamed(b, "\x12\x04Relu", "\x12\x04Frob"),
    kernels: 5,
  },
  _saved: {
    ...{ of: "residual_saved", file: "saved_model.pb", kernels: 5 },
    change: (b) => renamed(b, "\x12\x04Relu", "\x12\x04Frob"),
  },
  _tfjs_graph: {
    ...{ of: "saturated_tfjs_graph", file: "model.json", kernels: 1 },
    change: (b) => renamed(b, '"op": "Softmax"', '"op": "Frobnic"'),
  },
  _tfjs_layers: {
    ...{ of: "residual_tfjs_layers", file: "model.json", kernels: 5 },
    change: (b) => renamed(b, '"class_name": "ReLU"', '"class_name": "Frob"'),
  },
  ".h5": {
    ...{ of: "residual.h5", kernels: 5 },
    change: (b) => renamed(b, '"class_name": "ReLU"', '"class_name": "Frob"'),
  },
  ".keras": {
    ...{ of: "residual.keras", kernels: 5 },
    change: (b) => within(b, /config\.json/, '"class_name": "ReLU"', '"class_name": "Frob"'),
  },
  ".tflite": {
    ...{ of: data("suppression/fast.tflite"), kernels: 1 },
    change: (b) => renamed(b, "TFLite_Detection_", "TFLite_FrobFrobs_"),
  },
  ".pt2": {
    ...{ of: "views.pt2", kernels: 3 },
    change: (b) =>
      within(b, /\.json$/, "torch.ops.aten.relu.default", "torch.ops.mine.frob.default"),
  },
};

describe("an operation that nobody knows", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "convlens-unknown-"))));
  after(() => rm(folder, { recursive: true }));

  for (const [ending, { of, file, change, kernels }] of Object.entries(FORMATS))
    it(`${ending}: is named with the file, and what stands before it works`, async () => {
      const changed = path.join(folder, `own${ending}`);
      await cp(path.resolve(model("same"), of), changed, { recursive: true });
      const part = file === undefined ? changed : path.join(changed, file);
      await writeFile(part, change(await readFile(part)));
      const { inputs } = (await json("inspect", changed)) as unknown as {
        inputs: readonly { readonly name: string; readonly shape: readonly (number | null)[] }[];
      };
      const fed: string[] = [];
      for (const { name, shape } of inputs) {
        const channels = shape.includes(3) ? 3 : 1;
        const array = path.join(folder, "x.npy");
        const named = channels === 3 ? array : path.join(folder, "x1.npy");
        const side = Math.max(...shape.map((size) => size ?? 1));
        const cells = Float32Array.from({ length: side * side * channels }, (_, i) => Math.sin(i));
        await writeFile(named, encodeNpy(floats([1, side, side, channels], cells)));
        fed.push("--input", `${name}=${named}`);
      }
      const ask = [changed, ...fed, ...WASM];
      const says =
        /needs '[^']+' \([^)]*frob[^)]*\) of '(own[^']*|saved_model\.pb|model\.json)', which/i;
      await refused(3, says, "predict", ...ask);
      const { err } = await convlens("predict", ...ask);
      const last = /before it, up to '(.+)', which works\.$/.exec(err.trim())?.[1];
      assert.ok(last !== undefined, err);
      assert.equal((await convlens("activations", ...ask, "--layer", last)).code, 0);
      const { out } = await convlens("inspect", changed);
      const [, count, more] = /not run: (\d+) layers?; (\d+) more depend on them/.exec(out) ?? [];
      assert.equal(count, "1", out);
      assert.ok(Number(more) < 12);
      const { layers } = await json("filters", changed, "--layer", "all");
      assert.equal((layers as readonly unknown[] | undefined)?.length ?? 1, kernels);
    });
});
