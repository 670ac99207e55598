/** The command line on the samples and the small network: exit codes, documents, names of arrays, bad input. */
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { zipSync } from "fflate";
import { decodeNpy, decodePicture, encodeNpy, encodePng } from "../../src/pictures/index.ts";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import {
  convlens,
  DIGIT,
  DIGITS,
  json,
  refused,
  root,
  sample,
  WASM,
  type Answer,
  type Document,
} from "./cli-support.ts";
import { assertClose, expected, model } from "./support.ts";

describe("convlens", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const array = async (name: string): Promise<FloatTensor> =>
    decodeNpy(await readFile(at(name)), name);
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-cli-"));
  });
  after(() => rm(folder, { recursive: true }));

  describe("as a process", () => {
    const start = ["--import", "tsx", path.join(root, "src/cli/main.ts")];
    const spawned = (...args: string[]): Promise<Answer> =>
      new Promise((resolve) => {
        execFile(process.execPath, [...start, ...args], { cwd: root }, (error, out, err) => {
          resolve({ code: error ? Number(error.code) : 0, out, err });
        });
      });

    it("exits with 0, 2 and 3, with one document or none on standard output", async () => {
      assert.match((await spawned("--version")).out, /^\d+\.\d+\.\d+\n$/);
      const filters = await spawned("filters", DIGITS, "--json");
      assert.equal(filters.code, 0, filters.err);
      assert.equal((JSON.parse(filters.out) as Document).engine, "file");
      const usage = await spawned("filtres", DIGITS);
      assert.deepEqual([usage.code, usage.out], [2, ""]);
      const missing = await spawned("inspect", at("none.h5"), "--json");
      assert.equal(missing.code, 3);
      assert.equal((JSON.parse(missing.out) as Document).error.kind, "input");
    }).timeout(60_000);

    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      it(`exits with 130 when it is interrupted by ${signal}, and keeps the picture so far`, async function () {
        if (process.platform === "win32") this.skip();
        // what is left after its first word takes seconds, so that the signal is in time on a busy machine too
        const long = ["--layer", "conv2", "--filter", "1", "--steps", "3000"];
        const out = at(signal);
        const args = ["maximize", DIGITS, ...long, ...WASM, "--out", out];
        const child = spawn(process.execPath, [...start, ...args], { cwd: root });
        child.stderr.once("data", () => child.kill(signal));
        const code = await new Promise((resolve) => child.once("exit", resolve));
        assert.equal(code, 130);
        const recipe = path.join(out, "recipe.json");
        const { steps } = JSON.parse(await readFile(recipe, "utf8")) as { steps: number };
        assert.ok(steps > 0 && steps < 3000, `${steps} steps`);
        // it is the picture that so many steps make
        await json("maximize", DIGITS, "--recipe", recipe, ...WASM, "--out", at("again"));
        const [kept, made] = [out, at("again")].map((folder) => path.join(folder, "image.png"));
        assert.deepEqual(await readFile(kept ?? ""), await readFile(made ?? ""));
      }).timeout(60_000);
  });

  it("a full disk under --out is no result, and what was there stays", async function () {
    if (process.platform !== "linux") this.skip();
    await mkdir(at("full"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", at("full")], {
        stdio: "ignore",
      });
    } catch {
      this.skip(); // only root may
    }
    try {
      await writeFile(at("full/filters.json"), "of another day");
      await writeFile(at("full/rest"), Buffer.alloc(60 << 10));
      await refused(4, /disk of .*full is full/, "filters", DIGITS, "--out", at("full"));
      assert.deepEqual((await readdir(at("full"))).sort(), ["filters.json", "rest"]);
      assert.equal(await readFile(at("full/filters.json"), "utf8"), "of another day");
      await refused(4, /disk of .*new is full/, "filters", DIGITS, "--out", at("full/new"));
    } finally {
      execFileSync("umount", [at("full")]);
    }
  });

  describe("usage", () => {
    it("helps", async () => {
      const help = await convlens("--help");
      assert.equal(help.code, 0);
      assert.match(help.out, /inspect[^]*--image FILE/);
      assert.equal((await convlens()).code, 2);
    });

    it("names the nearest command, option, layer, method and label", async () => {
      await refused(2, /no command 'cma'.*cam/, "cma", DIGITS);
      await refused(2, /--lables.*--labels/, "predict", DIGITS, "--lables", "x");
      await refused(
        2,
        /no layer 'conv9'.*conv1, conv2, conv3/,
        "filters",
        DIGITS,
        "--layer",
        "conv9",
      );
      await refused(
        2,
        /'gradcam'.*grad-cam/,
        "cam",
        DIGITS,
        "--image",
        DIGIT,
        "--method",
        "gradcam",
      );
    });

    it("says what is missing, too much or not yet there", async () => {
      await refused(2, /needs a model/, "predict");
      await refused(2, /--image FILE/, "predict", DIGITS);
      await refused(2, /one argument too many/, "inspect", DIGITS, "other.h5");
      await refused(2, /takes 1 input/, "predict", DIGITS, "--image", DIGIT, "--image", DIGIT);
      await refused(2, /--out DIR/, "report", DIGITS);
      await refused(2, /outside 0\.\.15/, "filters", DIGITS, "--filter", "16");
    });
  });

  describe("results", () => {
    it("inspect takes the size of an input that is free from --size", async () => {
      const free = model("keras/free_size.k3.keras");
      const { inputs, notes } = await json("inspect", free, "--size", "40x60");
      assert.deepEqual((inputs as { shape: unknown }[])[0]?.shape, [null, 40, 60, 3]);
      assert.match(String(notes), /40 x 60 x 3 is used/);
      await refused(2, /--size takes rows and columns/, "inspect", free, "--size", "40x");
    });

    it("inspect tells at once which layers are not run, and why", async () => {
      const { out } = await convlens("inspect", model("keras/opaque.k3.keras"));
      // the convolution and the pooling behind it; the layer itself is not counted twice
      assert.match(
        out,
        /not run: 1 layer; 2 more depend on them\n {2}code \(Lambda\): .*never run/,
      );
    });

    it("inspect lists the layers", async () => {
      const { layers, arrays, engine } = await json("inspect", DIGITS);
      assert.deepEqual([engine, arrays.length], ["file", 0]);
      const conv1 = layers.find(({ name }) => name === "conv1");
      assert.deepEqual(conv1?.["outputShape"], [null, 32, 32, 16]);
      assert.deepEqual([conv1["op"], conv1["params"], conv1["inputs"]], ["conv", 448, ["image"]]);
    });

    it("predict: Chelsea is an Egyptian cat", async () => {
      const lite0 = sample("efficientnet-lite0.h5");
      const image = ["--image", sample("chelsea.png")];
      const { classes, arrays } = await json("predict", lite0, ...image, ...WASM, "--out", at("p"));
      assert.deepEqual([classes[0]?.index, classes[0]?.label], [285, "Egyptian cat"]);
      assert.deepEqual(
        arrays.map(({ name, file, shape }) => [name, file, shape]),
        [
          ["logits", "logits.npy", [1000]],
          ["probabilities", "probabilities.npy", [1000]],
        ],
      );
      assert.deepEqual((await readdir(at("p"))).sort(), [
        ...["logits.npy", "predict.json", "probabilities.npy"],
      ]);
      const { data: probabilities } = await array("p/probabilities.npy");
      assert.ok(Math.abs(probabilities.reduce((a, b) => a + b, 0) - 1) < 1e-4);
    }).timeout(120_000);

    it("predict takes arrays as they are, one or many", async () => {
      const wanted = await expected("small/digit_00_label6/torch/logits.npy");
      const { rgb } = await decodePicture(await readFile(DIGIT), DIGIT);
      const pixels = Float32Array.from([...rgb, ...rgb], (value, i) =>
        i < 3072 ? value / 255 : 0,
      );
      await writeFile(at("one.npy"), encodeNpy(floats([32, 32, 3], pixels.slice(0, 3072))));
      await writeFile(at("two.npy"), encodeNpy(floats([2, 32, 32, 3], pixels)));
      const digits = model("small_k3.h5");
      await json("predict", digits, "--input", at("one.npy"), ...WASM, "--out", at("one"));
      assertClose(await array("one/logits.npy"), wanted, "one/logits.npy");
      const named = `image=${at("two.npy")}`;
      const two = await json(
        "predict",
        digits,
        "--input",
        named,
        ...WASM,
        "--batch",
        "1",
        "--out",
        at("two"),
      );
      const logits = await array("two/logits.npy");
      assert.deepEqual(logits.shape, [2, 10]);
      assertClose(floats([10], logits.data.slice(0, 10)), wanted, "the first of two");
      assert.equal((two["pictures"] as unknown[]).length, 2);
    });

    it("filters: kernel and bias as stored, and a grid", async () => {
      const { arrays, files } = await json("filters", DIGITS, "--layer", "conv2", "--out", at("f"));
      assert.deepEqual(
        arrays.map(({ name, shape }) => [name, shape]),
        [
          ["kernel", [3, 3, 16, 32]],
          ["bias", [32]],
        ],
      );
      assert.deepEqual(files, ["filters.png"]);
      assert.ok((await decodePicture(await readFile(at("f/filters.png")), "grid")).width > 100);
      const some = await json(
        "filters",
        DIGITS,
        "--layer",
        "conv2",
        "--filter",
        "5,0",
        "--out",
        at("s"),
      );
      assert.deepEqual(some.arrays[0]?.shape, [3, 3, 16, 2]);
      const [whole, part] = [await array("f/kernel.npy"), await array("s/kernel.npy")];
      assert.equal(part.data[0], whole.data[5]);
      assert.equal(part.data[3], whole.data[32]);
      const bias = await array("s/bias.npy");
      // filter 5 was given a bias of -20 before it was trained
      assert.ok((bias.data[0] ?? 0) < -15);
    });

    it("activations: one array a layer, as the peers have it", async () => {
      const layers = ["--layer", "conv1,conv3,predictions"];
      const digits = [model("small_k3.h5"), "--image", DIGIT, "--preprocess", "0..1"];
      const { arrays } = await json("activations", ...digits, ...layers, ...WASM, "--out", at("a"));
      assert.deepEqual(
        arrays.map(({ name, file, shape }) => [name, file, shape]),
        [
          ["conv1", "conv1.npy", [32, 32, 16]],
          ["conv3", "conv3.npy", [8, 8, 64]],
          ["predictions", "predictions.npy", [10]],
        ],
      );
      for (const name of ["conv1", "conv3"]) {
        const wanted = await expected(`small/digit_00_label6/torch/fm_${name}.npy`);
        assertClose(await array(`a/${name}.npy`), wanted, name);
      }
      const all = await json("activations", ...digits, "--layer", "all", ...WASM);
      assert.equal(all.arrays.length, 9);
    });

    it("cam: raw, alpha, heatmap, signed and an overlay, as the peers have it", async () => {
      const digits = [model("small_k3.h5"), "--image", DIGIT, "--preprocess", "0..1"];
      const out = ["--class", "6", ...WASM, "--out", at("c")];
      const { arrays, files, classes, ...rest } = await json("cam", ...digits, ...out);
      assert.deepEqual(
        [rest["layer"], rest["method"], classes[0]?.index],
        ["conv3", "grad-cam", 6],
      );
      assert.deepEqual(
        arrays.map(({ name, shape }) => [name, shape]),
        [
          ["raw", [8, 8]],
          ["alpha", [64]],
          ["heatmap", [32, 32]],
          ["signed", [8, 8]],
        ],
      );
      assert.deepEqual(files, ["overlay.png"]);
      const folder = "small/digit_00_label6/torch/logit_class6";
      const signed = await expected(`${folder}_gradcam_raw_before_relu.npy`);
      assertClose(await array("c/signed.npy"), signed, "c/signed.npy");
      assertClose(await array("c/alpha.npy"), await expected(`${folder}_alpha.npy`), "c/alpha.npy");
      const raw = floats(
        signed.shape,
        signed.data.map((value) => Math.max(0, value)),
      );
      assertClose(await array("c/raw.npy"), raw, "c/raw.npy");
      const heatmap = await array("c/heatmap.npy");
      assertClose(heatmap, await expected(`${folder}_gradcam_peer_upsampled01.npy`), "heatmap");
      const hires = await json("cam", ...digits, ...out, "--method", "hires-cam");
      assert.equal(hires["method"], "hires-cam");
      const wanted = await expected(`${folder}_hirescam_raw_before_relu.npy`);
      assertClose(await array("c/signed.npy"), wanted, "c/signed.npy");
    });

    it("cam of probabilities, and of several classes on one scale", async () => {
      const digits = [model("small_k3.h5"), "--image", DIGIT, "--preprocess", "0..1", ...WASM];
      await json("cam", ...digits, "--class", "6", "--score", "probability", "--out", at("q"));
      const folder = "small/digit_00_label6/torch/softmax_class6";
      const wanted = await expected(`${folder}_gradcam_raw_before_relu.npy`);
      assertClose(await array("q/signed.npy"), wanted, "q/signed.npy");
      const two = await json("cam", ...digits, "--class", "6,5", "--out", at("two-classes"));
      assert.deepEqual(two.arrays[2]?.shape, [2, 32, 32]);
      assert.ok(Math.abs((two.arrays.find(({ name }) => name === "heatmap")?.max ?? 0) - 1) < 1e-6);
      assert.deepEqual(two.files, ["overlay_6.png", "overlay_5.png"]);
    });

    it("doctor reports both engines", async () => {
      const { engines } = await json("doctor");
      const names = (engines as { name: string; ready: boolean }[]).map(({ name }) => name);
      assert.deepEqual(names.sort(), ["native", "wasm"]);
    });
  });

  describe("bad input is one sentence and exit code 3", () => {
    it("models", async () => {
      const whole = await readFile(DIGITS);
      await writeFile(at("short.h5"), whole.subarray(0, 200_000));
      await writeFile(at("zip.keras"), zipSync({ "readme.txt": new Uint8Array(10) }));
      await writeFile(at("empty.h5"), "");
      await refused(3, /short\.h5/, "inspect", at("short.h5"));
      await refused(3, /zip\.keras/, "inspect", at("zip.keras"));
      await refused(3, /empty\.h5/, "inspect", at("empty.h5"));
      await refused(3, /none\.h5/, "inspect", at("none.h5"));
    });

    it("weights without a network: filters are still there", async () => {
      const weights = model("small_k3.weights.h5");
      const { arrays } = await json("filters", weights);
      assert.equal(arrays[0]?.name, "kernel");
      await refused(3, /structure/, "predict", weights, "--image", DIGIT);
    });

    it("pictures", async () => {
      const png = Buffer.from(encodePng(new Uint8Array(12), 2, 2, 3));
      png.writeUInt32BE(20_000, 16);
      png.writeUInt32BE(20_000, 20);
      await writeFile(at("huge.png"), png);
      await writeFile(at("lies.jpg"), "this is no JPEG");
      const jpeg = await readFile(sample("rocket.jpg"));
      await writeFile(at("cut.jpg"), jpeg.subarray(0, 30_000));
      for (const [name, reason] of [
        ["huge.png", /20000 x 20000/],
        ["lies.jpg", /lies\.jpg is not a picture/],
        ["cut.jpg", /cut\.jpg.*cut short/],
        ["none.png", /no such file/],
      ] as const)
        await refused(3, reason, "predict", DIGITS, "--image", at(name));
    });

    it("labels and arrays", async () => {
      await writeFile(at("three.txt"), "a\nb\nc\n");
      const args = ["predict", DIGITS, "--image", DIGIT];
      await refused(3, /three\.txt has 3 labels.*10 classes/, ...args, "--labels", at("three.txt"));
      await writeFile(at("odd.npy"), encodeNpy(floats([2, 2], new Float32Array(4))));
      await refused(3, /\(2, 2\).*\(N, 32, 32, 3\)/, "predict", DIGITS, "--input", at("odd.npy"));
      await refused(3, /not a NumPy/, "predict", DIGITS, "--input", DIGIT);
    });
  });
});
