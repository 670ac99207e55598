/** The methods through the command line: the peers' numbers, and what the network itself says of the pictures that come out. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeNpy, decodePicture, encodeNpy } from "../../src/pictures/index.ts";
import { floats, type FloatTensor } from "../../src/base/tensor.ts";
import { run } from "../../src/cli/run.ts";
import { convlens, DIGIT, DIGITS, json, refused, root, sample, WASM } from "./cli-support.ts";
import { assertClose, data, expected, model } from "./support.ts";

const SMALL = [model("small_k3.h5"), "--preprocess", "0..1", ...WASM];
const ON_DIGIT = [...SMALL, "--image", DIGIT, "--class", "6"];
const GOLDEN = "small/digit_00_label6/torch";

describe("convlens: methods", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const out = (name: string): string[] => ["--out", at(name)];
  const array = async (name: string): Promise<FloatTensor> =>
    decodeNpy(await readFile(at(name)), name);
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-methods-"));
  });
  after(() => rm(folder, { recursive: true }));

  describe("cam", () => {
    for (const [method, file] of [
      ["grad-cam++", "logit_class6_gradcampp_raw_before_relu"],
      ["xgrad-cam", "logit_class6_xgradcam_raw_before_relu"],
      ["layer-cam", "logit_class6_layercam_raw_before_relu"],
      ["grad-cam-elementwise", "logit_class6_elementwise_raw_before_relu"],
      ["ablation-cam", "logit_class6_ablationcam_raw_before_relu"],
    ] as const)
      it(`${method} as the peers have it`, async () => {
        const { score } = await json("cam", ...ON_DIGIT, "--method", method, ...out(method));
        assert.equal(score, "logit");
        assertClose(
          await array(`${method}/signed.npy`),
          await expected(`${GOLDEN}/${file}.npy`),
          method,
        );
      });

    it("score-cam weighs with the probability, eigen-cam not at all", async () => {
      const score = await json("cam", ...ON_DIGIT, "--method", "score-cam", ...out("score"));
      assert.equal(score["score"], "probability");
      const weights = await expected(`${GOLDEN}/scorecam_paper_pixelspace_class6_weights.npy`);
      assertClose(await array("score/alpha.npy"), weights, "alpha");
      const both = [...SMALL, "--image", DIGIT, "--class", "6,5"];
      const eigen = await json("cam", ...both, "--method", "eigen-cam");
      assert.equal(eigen.classes.length, 1);
      assert.match(String(eigen["note"]), /the same for all/);
      assert.deepEqual(
        eigen.arrays.map(({ name }) => name),
        ["raw", "heatmap", "signed"],
      );
    });

    it("--minus is the map of a difference of scores", async () => {
      await json("cam", ...SMALL, "--image", DIGIT, "--class", "6,5", ...out("both"));
      const { minus } = await json("cam", ...ON_DIGIT, "--minus", "5", ...out("minus"));
      assert.equal((minus as { index: number }).index, 5);
      const { data: both } = await array("both/signed.npy");
      const wanted = Float32Array.from(
        { length: 64 },
        (_, i) => (both[i] ?? 0) - (both[64 + i] ?? 0),
      );
      assertClose(await array("minus/signed.npy"), floats([8, 8], wanted), "difference");
      await refused(2, /linear/, "cam", ...ON_DIGIT, "--minus", "5", "--method", "layer-cam");
    });

    it("several layers are merged; --trust and --sanity measure each class", async () => {
      const ask = ["--layer", "conv2,conv3", "--trust", "--sanity", "--class", "6,5"];
      const found = await json("cam", ...SMALL, "--image", DIGIT, ...ask);
      assert.deepEqual(
        found.arrays.map(({ name, shape }) => [name, shape]),
        [
          ["raw", [2, 32, 32]],
          ["heatmap", [2, 32, 32]],
        ],
      );
      assert.deepEqual(found["layers"], ["conv2", "conv3"]);
      for (const entry of found.classes as unknown as Record<string, Record<string, unknown>>[]) {
        assert.match(String(entry["badge"]?.["meaning"]), /lower is better/);
        assert.match(String(entry["sanity"]?.["meaning"]), /With weights shuffled/);
      }
    });

    it("what cannot be asked is one sentence", async () => {
      const refuse = (code: number, reason: RegExp, ...args: string[]): Promise<void> =>
        refused(code, reason, ...args.slice(0, 1), ...ON_DIGIT, ...args.slice(1));
      await refuse(2, /no layer 'conv9'.*conv1/, "cam", "--layer", "conv9");
      await refuse(2, /outside 0\.\.9/, "cam", "--class", "10");
      await refuse(2, /no number, and the model's labels are not known/, "cam", "--class", "six");
      await refuse(
        2,
        /takes one layer/,
        "attribute",
        "--method",
        "guided-grad-cam",
        "--layer",
        "conv1,conv2",
      );
      await refuse(2, /asks the network for no score/, "cam", "--method", "eigen-cam", "--score", "logit"); // prettier-ignore
      await refuse(2, /--seed only with --sanity/, "cam", "--seed", "3");
      for (const [option, beside] of Object.entries({ neuron: "layer", "cosine-power": "direction" }))
        await refuse(2, RegExp(`--${option} only with --${beside}`), "maximize", "--class", "1", `--${option}`, "1"); // prettier-ignore
      await refuse(
        2,
        /not one of black, mean, blurred/,
        "attribute",
        "--baseline",
        "white",
        "--trust",
      );
      await writeFile(at("six.npy"), encodeNpy(floats([1, 6, 6, 3], new Float32Array(108))));
      const opaque = [model("keras/opaque.k3.keras"), "--input", at("six.npy"), ...WASM];
      for (const command of ["cam", "attribute"])
        await refused(3, /needs 'code' \(a Lambda layer/, command, ...opaque);
    });

    it("what needs no class score does not ask for one", async () => {
      const file = model("onnx/unknown_output.onnx");
      const unit = ["--layer", "conv1", "--filter", "0", "--steps", "2", ...WASM];
      const made = await json("maximize", file, ...unit);
      const [before, , after] = made["history"] as number[];
      assert.ok(before !== undefined && after !== undefined && after > before);
      const known = await json("profile", file, ...unit, "--image", DIGIT);
      assert.equal(known["influence"], null);
      const reported = await json("report", file, "--image", DIGIT, "--out", at("report"), ...WASM);
      assert.equal(reported["output"], null);
      await refused(
        3,
        /no output .*class scores|needs 'fancy'/,
        "maximize",
        file,
        "--class",
        "0",
        ...WASM,
      );
      await refused(
        3,
        /needs 'fancy' .*'unknown_output\.onnx'/,
        "predict",
        file,
        "--image",
        DIGIT,
        ...WASM,
      );
    });

    it("a layer without positions is one sentence", async () => {
      for (const method of ["grad-cam", "score-cam", "eigen-cam"])
        await refused(
          3,
          /no feature maps/,
          "cam",
          ...ON_DIGIT,
          "--layer",
          "predictions",
          "--method",
          method,
        );
    });
  });

  describe("attribute", () => {
    it("gradient and Integrated Gradients as the peers have them", async () => {
      const one = await json("attribute", ...ON_DIGIT, "--method", "gradient", ...out("gradient"));
      assert.deepEqual([one.arrays[0]?.name, one.arrays[0]?.shape], ["attribution", [32, 32, 3]]);
      assert.deepEqual([one["delta"], one.files], [null, ["overlay.png"]]);
      const wanted = await expected(`${GOLDEN}/gradient_logit_class6.npy`);
      assertClose(await array("gradient/attribution.npy"), wanted, "gradient");
      const path50 = ["--method", "integrated-gradients", "--steps", "50", ...out("ig")];
      const ig = await json("attribute", ...ON_DIGIT, ...path50);
      assert.equal(ig["steps"], 50);
      assert.ok(Math.abs(Number(ig["delta"])) < 1, `delta ${String(ig["delta"])}`);
      const path = await expected(`${GOLDEN}/ig50_gausslegendre_class6.npy`);
      assertClose(await array("ig/attribution.npy"), path, "Integrated Gradients", 5e-4);
    });

    it("--score probability is the gradient of the probability: small where the network is certain", async () => {
      const logit = await json("attribute", ...ON_DIGIT);
      const probability = await json("attribute", ...ON_DIGIT, "--score", "probability");
      const size = (of: typeof logit): number => Math.abs(of.arrays[0]?.max ?? NaN);
      assert.ok(size(probability) < size(logit));
    });

    it("RISE repeats from its seed; guided methods warn; --trust measures", async () => {
      const rise = [...ON_DIGIT, "--method", "rise", "--steps", "20"];
      for (const [name, seed] of [
        ["a", "1"],
        ["b", "1"],
        ["c", "2"],
      ] as const)
        await json("attribute", ...rise, "--seed", seed, ...out(`rise-${name}`));
      const [a, b, c] = await Promise.all(
        ["a", "b", "c"].map((name) => array(`rise-${name}/attribution.npy`)),
      );
      assert.deepEqual(a, b);
      assert.notDeepEqual(a, c);
      const guided = [...ON_DIGIT, "--method", "guided-grad-cam", "--trust"];
      const { warning, badge, layer } = await json("attribute", ...guided);
      assert.match(String(warning), /Adebayo/);
      assert.equal(layer, "conv3");
      const { deletion, insertion } = badge as { deletion: number; insertion: number };
      assert.ok(
        deletion >= 0 && deletion < insertion && insertion <= 1,
        `${deletion}, ${insertion}`,
      );
      await refused(2, /'gradients'.*gradient/, "attribute", ...ON_DIGIT, "--method", "gradients");
    });
  });

  describe("maximize", () => {
    const meanOf = ({ shape, data: values }: FloatTensor, channel: number): number => {
      const channels = shape.at(-1) ?? 1;
      const own = values.filter((_, i) => i % channels === channel);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };

    it("filters: the activation is the network's own on the picture that is written", async () => {
      const ask = ["--layer", "conv3", "--filter", "1,2", "--steps", "5", "--seed", "3"];
      const found = await json("maximize", ...SMALL, ...ask, ...out("filters"));
      assert.deepEqual(found.arrays[0]?.shape, [2, 32, 32, 3]);
      assert.deepEqual(found.files, ["image_1.png", "image_2.png", "maximize.png"]);
      const [one = [], two = []] = found["history"] as number[][];
      assert.deepEqual([one.length, two.length], [6, 6]);
      const input = ["--input", at("filters/image.npy")];
      await json("activations", ...SMALL, ...input, "--layer", "conv3", ...out("maps"));
      const maps = await array("maps/conv3.npy");
      const half = maps.data.length / 2;
      for (const [row, filter] of [1, 2].entries()) {
        const own = floats([8, 8, 64], maps.data.slice(row * half, (row + 1) * half));
        const said = (found["activation"] as number[])[row] ?? NaN;
        assert.ok(
          Math.abs(meanOf(own, filter) - said) <= 1e-4 * Math.abs(said),
          `filter ${filter}`,
        );
        assert.ok(said > ((found["history"] as number[][])[row]?.[0] ?? NaN));
      }
    });

    it("a class: the probability is the network's own on the PNG; the recipe gives the same picture", async () => {
      const found = await json(
        "maximize",
        ...SMALL,
        "--class",
        "3",
        "--steps",
        "20",
        ...out("class"),
      );
      assert.ok(Number(found["probability"]) > 0.99);
      const { classes } = await json("predict", ...SMALL, "--image", at("class/image.png"));
      const best = classes[0] ?? assert.fail("no class");
      assert.equal(best.index, 3);
      assert.ok(Math.abs(best.logit - Number(found["activation"])) < 1e-2);
      const recipe = ["--recipe", at("class/recipe.json")];
      // the recipe's preprocessing counts, not the model's
      await json("maximize", model("small_k3.h5"), ...WASM, ...recipe, ...out("again"));
      assert.deepEqual(await array("again/image.npy"), await array("class/image.npy"));
      const other = ["--class", "3", "--steps", "20", "--seed", "1", ...out("other")];
      await json("maximize", ...SMALL, ...other);
      assert.notDeepEqual(await array("other/image.npy"), await array("class/image.npy"));
    });

    it("the robust recipe, and a batch of one at a time, come to the same", async () => {
      const ask = ["--layer", "conv2", "--filter", "0,1", "--method", "robust", "--steps", "3"];
      const together = await json("maximize", ...SMALL, ...ask, ...out("together"));
      assert.equal(together["method"], "robust");
      await json("maximize", ...SMALL, ...ask, "--batch", "1", ...out("apart"));
      assertClose(
        await array("apart/image.npy"),
        await array("together/image.npy"),
        "pictures",
        5e-3,
      );
    });

    it("sums, cells, directions and copies: replayed bit for bit, beside what pictures at hand reach", async () => {
      await writeFile(at("v.npy"), encodeNpy(floats([64], new Float32Array(64).fill(1))));
      const sum = ["--objective", "conv3:1 + 0.5*conv3:2@3,3 - conv3:direction"];
      const more = ["--direction", at("v.npy"), "--copies", "2", "--diversity", "3", "--tv", "0.5"];
      const ask = [...sum, ...more, "--method", "robust", "--steps", "4", "--image", DIGIT];
      const found = await json("maximize", ...SMALL, ...ask, ...out("sum"));
      assert.deepEqual(found.arrays[0]?.shape, [2, 32, 32, 3]);
      assert.deepEqual(found.files, ["image_0_0.png", "image_0_1.png", "maximize.png"]);
      const [result] = found["results"] as {
        expression: string;
        overPictures: { value: number; image: string; images: number };
      }[];
      assert.ok(result);
      assert.equal(result.expression, sum[1]);
      assert.deepEqual([result.overPictures.image, result.overPictures.images], [DIGIT, 1]);
      const recipe = ["--recipe", at("sum/recipe.json")];
      await json("maximize", model("small_k3.h5"), ...WASM, ...recipe, ...out("sum-again"));
      assert.deepEqual(await array("sum-again/image.npy"), await array("sum/image.npy"));

      const cell = ["--layer", "conv3", "--filter", "1,2", "--neuron", "3,3", "--steps", "2"];
      const one = await json("maximize", ...SMALL, ...cell, "--method", "maco", ...out("cell"));
      assert.match(String(one["note"]), /1 \/ f.*ImageNet/);
      await json(
        "activations",
        ...SMALL,
        "--input",
        at("cell/image.npy"),
        ...[...["--layer", "conv3"], ...out("cell-maps")],
      );
      const maps = await array("cell-maps/conv3.npy");
      const own = maps.data[(3 * 8 + 3) * 64 + 1] ?? NaN;
      const said = (one["activation"] as number[])[0] ?? NaN;
      assert.ok(Math.abs(own - said) <= 1e-4 * Math.max(1, Math.abs(own)), `${own}, ${said}`);
      const along = ["--layer", "conv3", "--direction", at("v.npy"), "--cosine-power", "1"];
      await json("maximize", ...SMALL, ...along, "--steps", "1");
    });

    it("says what is missing or not there", async () => {
      const refuse = (reason: RegExp, ...args: string[]): Promise<void> =>
        refused(2, reason, "maximize", ...SMALL, ...args);
      await refuse(/--layer NAME --filter/);
      await refuse(/no layer 'conv9'.*conv1/, "--layer", "conv9", "--filter", "0");
      await refuse(/outside 0\.\.63/, "--layer", "conv3", "--filter", "64");
      await refuse(/outside 0\.\.9/, "--class", "10");
      await refuse(/no top class/, "--class", "top");
      await refuse(/not both/, "--class", "1", "--layer", "conv3");
      await refuse(/no layer 'conv9'.*conv1/, "--objective", "conv9:1");
      await refuse(/no term/, "--objective", "conv3");
      await refuse(/labels are not known/, "--class", "cat");
      await refuse(/8 rows and 8/, "--layer", "conv3", "--filter", "0", "--neuron", "8,0");
      await refuse(/is no cell/, "--layer", "conv3", "--filter", "0", "--neuron", "8");
      await refuse(/at least 0/, "--layer", "conv3", "--filter", "0", "--tv", "-1");
      await refuse(/--copies N/, "--layer", "conv3", "--filter", "0", "--diversity", "1");
      await refuse(/1 to 16/, "--layer", "conv3", "--filter", "0", "--copies", "17");
      await writeFile(at("short.npy"), encodeNpy(floats([2], new Float32Array(2))));
      await refuse(/has 2 numbers/, "--layer", "conv3", "--direction", at("short.npy"));
      await writeFile(at("no-recipe.json"), "{}");
      await refused(
        3,
        /not a recipe/,
        "maximize",
        ...SMALL.slice(0, 1),
        "--recipe",
        at("no-recipe.json"),
      );
      await refuse(/leave --preprocess or --recipe out/, "--recipe", at("no-recipe.json"));
    });
  });

  describe("attack", () => {
    it("evolution: the JSON tells what the network says of the picture", async () => {
      const ask = ["--pixels", "3", "--population", "20", "--steps", "2", "--seed", "5"];
      const digit = ["--image", data("digits/digit_04_label4.png")];
      const found = await json("attack", ...SMALL, ...digit, ...ask, ...out("de"));
      const pixels = found["pixels"] as { x: number; y: number; rgb: number[] }[];
      assert.equal(pixels.length, 3);
      assert.deepEqual(found.files, ["image.png"]);
      const picture = await decodePicture(await readFile(at("de/image.png")), "image.png");
      const { x, y, rgb } = pixels.at(-1) ?? assert.fail("no pixel");
      const from = (y * picture.width + x) * 3;
      assert.deepEqual([...picture.rgb.subarray(from, from + 3)], rgb);
      const { classes } = await json("predict", ...SMALL, "--input", at("de/image.npy"));
      const after = found["after"] as typeof classes;
      assert.equal(after[0]?.index, classes[0]?.index);
      assert.ok(Math.abs((after[0]?.logit ?? NaN) - (classes[0]?.logit ?? NaN)) < 1e-4);
      assert.equal(found["success"], after[0]?.index !== 4);
      const again = await json("attack", ...SMALL, ...digit, ...ask);
      assert.deepEqual(again["pixels"], pixels);
    });

    it("exact: every corner at every pixel, and a map", async () => {
      const digit = ["--image", data("digits/digit_04_label4.png"), "--method", "exact"];
      const found = await json("attack", ...SMALL, ...digit, ...out("exact"));
      assert.equal(found["evaluations"], 8 * 32 * 32);
      assert.deepEqual(
        found.arrays.map(({ name, shape }) => [name, shape.length]),
        [
          ["image", 3],
          ["cam_before", 2],
          ["cam_after", 2],
          ["map", 2],
        ],
      );
      assert.equal((found["changedMaps"] as unknown[]).length, 8);
      assert.deepEqual(found.files, ["image.png", "map.png"]);
      const screen = ["--image", data("digits/digit_04_label4.png"), "--method", "screen"];
      const preview = await json("attack", ...SMALL, ...screen, "--top", "16");
      assert.equal(preview["evaluations"], 16 * 8);
      assert.match(String(preview["searched"]), /a preview, not a proof/);
      const { data: map } = await array("exact/map.npy");
      const { after } = found["probability"] as { after: number };
      assert.ok(Math.abs(Math.min(...map) - after) < 1e-6);
    });

    it("refuses a picture that is misclassified, and what cannot be attacked", async () => {
      await refused(
        2,
        /classified as 6, not as 2/,
        "attack",
        ...SMALL,
        "--image",
        DIGIT,
        "--class",
        "2",
      );
      await refused(2, /already is/, "attack", ...ON_DIGIT, "--target", "6");
      await refused(2, /one pixel/, "attack", ...ON_DIGIT, "--method", "exact", "--pixels", "3");
      await writeFile(at("two.npy"), encodeNpy(floats([2, 32, 32, 3], new Float32Array(6144))));
      await refused(2, /one picture/, "attack", ...SMALL, "--input", at("two.npy"));
    });
  });

  describe("census", () => {
    it("counts over a folder, names what it could not read, and finds the filters that are dead on all", async () => {
      await mkdir(at("pictures/inner"), { recursive: true });
      await copyFile(DIGIT, at("pictures/a.png"));
      await copyFile(data("digits/digit_01_label5.png"), at("pictures/inner/b.png"));
      await writeFile(at("pictures/broken.png"), "no picture");
      const ask = ["--images", at("pictures"), "--batch", "1"];
      const found = await json("census", ...SMALL, ...ask, ...out("census"));
      assert.equal(found["images"], 2);
      assert.deepEqual(
        (found["skipped"] as { image: string }[]).map(({ image }) => image),
        [at("pictures/broken.png")],
      );
      const conv2 = found.layers.find(({ name }) => name === "conv2") ?? assert.fail("no conv2");
      assert.equal(conv2["filters"], 32);
      assert.equal((conv2["zeroFraction"] as number[]).length, 32);
      // filter 5 was given a bias of -20 before the network was trained
      assert.ok((conv2["dead"] as number[]).includes(5));
      const files = ["--image", at("pictures/a.png"), "--image", at("pictures/inner/b.png")];
      const same = await json("census", ...SMALL, ...files, "--batch", "2");
      assert.deepEqual(
        same.layers.map(({ dead }) => dead),
        found.layers.map(({ dead }) => dead),
      );
      const written = JSON.parse(await readFile(at("census/census.json"), "utf8")) as typeof found;
      assert.equal(written["images"], 2);
      assert.equal(found["unreadable"], 1);
      assert.ok((conv2["nearDuplicates"] as unknown[]).length >= 0);
      await mkdir(at("empty"));
      await refused(3, /no picture/, "census", ...SMALL, "--images", at("empty"));
      await refused(3, /no such file or folder/, "census", ...SMALL, at("nowhere"));
      await refused(2, /--images DIR/, "census", ...SMALL);
    });
  });

  describe("an interrupted census", () => {
    it("goes on where it was, and says so", async () => {
      const files = await readdir(data("digits"));
      await mkdir(at("many"));
      for (const name of files) await copyFile(path.join(data("digits"), name), at(`many/${name}`));
      await writeFile(at("many/aa-broken.png"), "no picture");
      const ask = [...SMALL, "--images", at("many"), "--batch", "1"];
      const whole = await json("census", ...ask, ...out("whole"));
      const controller = new AbortController();
      const streams = {
        out: () => undefined,
        err: (text: string) => {
          if (text.startsWith("3 of")) controller.abort();
        },
      };
      assert.equal(
        await run(["census", ...ask, ...out("stopped")], streams, controller.signal),
        130,
      );
      await readFile(at("stopped/census.state.json"));
      const { code, err } = await convlens("census", ...ask, ...out("stopped"));
      assert.equal(code, 0, err);
      assert.match(err, /going on after 2 pictures/);
      const found = JSON.parse(await readFile(at("stopped/census.json"), "utf8")) as typeof whole;
      assert.deepEqual([found["resumed"], found["unreadable"]], [2, 1]);
      assert.deepEqual([found.layers, found["images"]], [whole.layers, whole["images"]]);
      await assert.rejects(readFile(at("stopped/census.state.json")), { code: "ENOENT" });
    });
  });

  describe("profile", () => {
    it("tells all of one filter", async () => {
      const ask = ["--layer", "conv2", "--filter", "0", "--images", data("digits")];
      const found = await json("profile", ...SMALL, ...ask, "--steps", "3", ...out("passport"));
      assert.deepEqual(
        found.arrays.map(({ name }) => name),
        ["kernel", "maximized"],
      );
      assert.ok(found.files.includes("patch_1.png") && found.files.includes("kernel.png"));
      const { top, influence, twin, histogram } = found as unknown as {
        top: { value: number }[];
        influence: { up: unknown[]; images: number };
        twin: { cosine: number };
        histogram: { counts: number[] };
      };
      assert.equal(top[0]?.value, found["max"]);
      assert.equal(influence.images, found["images"]);
      assert.ok(Math.abs(twin.cosine) <= 1 && histogram.counts.length === 20);
      await refused(2, /one filter/, "profile", ...SMALL, "--layer", "conv2", "--filter", "1,2");
      await refused(
        2,
        /no layer 'conv9'/,
        "passport",
        ...SMALL,
        "--layer",
        "conv9",
        "--filter",
        "1",
      );
    });
  });

  describe("doctor MODEL", () => {
    it("ranks the usual preprocessings by confidence", async () => {
      const digits = ["--image", DIGIT, "--image", sample("chelsea.png"), ...WASM];
      const { trials } = await json("doctor", DIGITS, ...digits);
      const rows = trials as { name: string; fit: string; confidence: number; used: boolean }[];
      assert.equal(rows.length, 12);
      assert.deepEqual(
        rows.filter(({ used }) => used).map(({ name, fit }) => [name, fit]),
        [["0..1", "crop"]],
      );
      assert.deepEqual(
        rows,
        rows.toSorted((a, b) => b.confidence - a.confidence),
      );
      const square = await json("doctor", DIGITS, "--image", DIGIT, ...WASM);
      assert.equal((square["trials"] as unknown[]).length, 6);
      await refused(2, /needs pictures/, "doctor", DIGITS);
    });
  });

  it("a long method exits with 130 when it is interrupted", async () => {
    const ask = ["maximize", DIGITS, "--layer", "conv3", "--filter", "0", "--steps", "100000"];
    const start = ["--import", "tsx", path.join(root, "src/cli/main.ts")];
    const child = spawn(process.execPath, [...start, ...ask, ...WASM], { cwd: root });
    // what it is about to do is said before the first step
    child.stderr.once("data", () => child.kill("SIGINT"));
    assert.equal(await new Promise((resolve) => child.once("exit", resolve)), 130);
  }).timeout(60_000);
});
