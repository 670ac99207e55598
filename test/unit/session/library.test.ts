/** Networks that ConvLens knows by heart: which weights are theirs, what is said of them, and what settles which of several it is. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Match, NoMatch, StateDict } from "../../../src/formats/index.ts";
import type { Json } from "../../../src/formats/json.ts";
import { rowMajor, type StoredTensor } from "../../../src/formats/tensors/stored.ts";
import { chooseStructure, OpenModel, structureChoices } from "../../../src/session/index.ts";
import { structureFinder } from "../../../src/session/structures/find.ts";
import { weightsOf, writeZeros, type Change } from "../../support/library-weights.ts";
import { twins } from "../../../scripts/structures/twins.ts";
import { parts } from "../../../src/session/structures/library/fingerprint.ts";
import {
  libraryFile,
  libraryNetworks,
} from "../../../src/session/structures/library/index-file.ts";

const named = (key: string, shape: readonly number[]): StoredTensor => ({
  ...{ name: key, type: "float32", shape, strides: rowMajor(shape), offset: 0 },
  storage: { bytes: 0, bigEndian: false, open: () => assert.fail("not read") },
});
const TWINS = ["timm/efficientnet_b0", "timm/tf_efficientnet_b0", "timm/efficientnet_blur_b0"];
const LETTERS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
/** Ten classes in place of what the head has. */
const fineTuned: Change = (key, shape) => [
  key,
  /^(fc|classifier)\.(weight|bias)$/.test(key) ? [10, ...shape.slice(1)] : shape,
];

describe("the library of structures", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "convlens-library-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const find = (weights: StateDict, said: Json = null, asked: string | null = null) =>
    structureFinder({ file: path.join(folder, "best.pth"), asked, sidecar: null })([weights], said);
  const match = (found: Match | NoMatch): Match =>
    "structure" in found ? found : assert.fail(found.tried.join());
  const config = (values: object): void => {
    writeFileSync(path.join(folder, "config.json"), JSON.stringify(values));
  };

  it("ships files that are what the index says, within 6 MB", async () => {
    const networks = await libraryNetworks();
    assert.ok(networks.length > 20);
    let bytes = 0;
    const files = new Set(networks.map(({ file }) => `${file}.gz`));
    for (const name of readdirSync(libraryFile("."))) {
      bytes += statSync(libraryFile(name)).size;
      if (!name.endsWith(".gz")) continue;
      const digest = createHash("sha256")
        .update(readFileSync(libraryFile(name)))
        .digest("hex");
      assert.equal(`${digest}.gz`, name);
      assert.ok(files.delete(name), `${name} is not in the index`);
    }
    assert.deepEqual([...files], []);
    assert.ok(bytes <= 6e6, `${bytes} bytes`);
    const names = networks.flatMap((one) => one.names);
    assert.equal(new Set(names).size, names.length);
  });

  it("a network is known by its keys and shapes, and its name is said as an assumption", async () => {
    const { structure, confidence, source, told } = match(
      await find(await weightsOf("torchvision/resnet50")),
    );
    assert.equal(structure.name, "torchvision resnet50");
    assert.equal(confidence, "low");
    assert.equal(source, "torchvision resnet50, by its keys and shapes");
    assert.deepEqual(told?.scaling?.mean, [0.485, 0.456, 0.406]);
    assert.match(told.scaling.why, /torchvision's transforms of ResNet50_Weights\.IMAGENET1K_V2/);
    assert.equal(told.labels?.[281], "tabby");
    assert.match(told.assumed?.join() ?? "", /pictures of 224 x 224/);
  });
  it("a fine-tuned copy, in wrappers and with a loss beside, too; its classes have no names", async () => {
    const tuned = await weightsOf("torchvision/resnet18", (key, shape) => {
      const [, sizes] = fineTuned(key, shape);
      return [`module.model.${key}`, sizes];
    });
    const { fit, told } = match(
      await find({ path: [], tensors: [...tuned.tensors, named("module.criterion.weight", [10])] }),
    );
    assert.deepEqual(fit.solved, [
      { key: "fc.weight", from: 1000, to: 10 },
      { key: "fc.bias", from: 1000, to: 10 },
    ]);
    assert.equal(told?.labels, undefined);
    assert.ok(told?.scaling);
  });
  it("a head that was replaced by a list with dropout is one, and said so", async () => {
    const listed = await weightsOf("torchvision/resnet18", (key, shape) => {
      const [, sizes] = fineTuned(key, shape);
      return [key.replace(/^fc\./, "fc.1."), sizes];
    });
    const { structure, assumed, fit } = match(await find(listed));
    assert.equal(structure.name, "torchvision resnet18");
    assert.equal(fit.tensors.get("fc.weight")?.shape.join(), "10,512");
    assert.match(assumed.join(), /'fc\.1' is the last layer, and .* nothing but dropout/);
    // two layers have something between them, which nobody knows
    const more = { path: [], tensors: [...listed.tensors, named("fc.4.weight", [3, 10])] };
    assert.deepEqual(await find(more), { tried: [] });
  });
  it("other widths, and another key, are no network that is known", async () => {
    const wider = await weightsOf("torchvision/resnet18", (key, shape) => [
      key,
      key.startsWith("layer4.1") && key.includes("bn") ? shape.map((n) => n + 1) : shape,
    ]);
    assert.deepEqual(await find(wider), { tried: [] });
    const more = await weightsOf("torchvision/resnet18");
    const tensors = [...more.tensors, named("layer4.2.conv1.weight", [512, 512, 3, 3])];
    assert.deepEqual(await find({ path: [], tensors }), { tried: [] });
  });
  it("pictures of one colour, or six bands, are what the first kernels read", async () => {
    for (const [name, stem, channels] of [
      ["torchvision/resnet18", "conv1.weight", 1],
      ["timm/vit_tiny_patch16_224", "patch_embed.proj.weight", 6],
    ] as const) {
      const weights = await weightsOf(name, (key, shape) => [
        key,
        key === stem ? [shape[0] ?? 0, channels, ...shape.slice(2)] : shape,
      ]);
      const file = path.join(folder, "best.safetensors");
      writeZeros(file, weights);
      const opened = await OpenModel.open(file);
      assert.deepEqual(opened.graph.inputs[0]?.shape, [null, 224, 224, channels]);
      assert.equal(opened.preprocessing.mean.length, 1);
      opened.close();
    }
  });
  it("sizes of a named network are fixed, but for classes and channels", async () => {
    const small = await weightsOf("timm/vit_small_patch16_224");
    await assert.rejects(
      find(small, null, "timm/vit_tiny_patch16_224"),
      /best\.pth' does not fit timm vit_tiny_patch16_224: 'cls_token' is \[1, 1, 384\]/,
    );
    const tuned = await weightsOf("timm/resnet18", fineTuned);
    const { structure, source } = match(await find(tuned, null, "timm/resnet18"));
    assert.equal(structure.name, "timm resnet18");
    assert.equal(source, "timm resnet18, as asked for");
  });
  it("a name that is not known is told with the nearest", async () => {
    const weights = await weightsOf("torchvision/resnet18");
    await assert.rejects(
      find(weights, null, "torchvision/resnet81"),
      /knows no network 'torchvision\/resnet81'; the nearest are torchvision\/resnet/,
    );
  });

  describe("of several that weights cannot tell apart", () => {
    it("the likeliest is taken, and the others are said", async () => {
      const found = match(await find(await weightsOf("timm/tf_efficientnet_b0", fineTuned)));
      assert.equal(found.structure.name, "timm efficientnet_b0");
      assert.deepEqual(found.candidates, TWINS);
      assert.equal(found.confidence, "low");
    });
    it("each group of the library is named as a whole, whichever of it the weights are of", async () => {
      const groups = twins(await libraryNetworks());
      assert.ok(groups.length >= 15);
      for (const group of groups)
        for (const name of group) {
          const found = match(await find(await weightsOf(name)));
          found.structure.close();
          assert.equal(found.confidence, "low", name);
          assert.deepEqual([...found.candidates].sort(), [...group].sort(), name);
        }
    }).timeout(60_000);
    it("the others are offered by name, and one that is chosen is remembered", async () => {
      const file = path.join(folder, "best.safetensors");
      writeZeros(file, await weightsOf("timm/tf_efficientnet_b0", fineTuned));
      const told = async () => {
        const opened = await OpenModel.open(file);
        const choices = await structureChoices(opened);
        opened.close();
        return { source: opened.structure?.source, ...choices };
      };
      const before = await told();
      assert.deepEqual(before.fitting, TWINS);
      assert.ok(before.known.includes("torchvision/resnet50"));
      assert.ok(!before.known.includes("timm/efficientnet_b0"));
      await chooseStructure(file, "timm/tf_efficientnet_b0");
      const { source } = await told();
      assert.equal(source, "timm tf_efficientnet_b0, as the sidecar says");
      await assert.rejects(chooseStructure(file, "timm/resnet50"), /does not fit timm resnet50/);
      assert.equal((await told()).source, source);
    });
    it("config.json settles it, with classes and scaling", async () => {
      config({
        architecture: "tf_efficientnet_b0.ns_jft_in1k",
        label_names: LETTERS,
        pretrained_cfg: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      });
      const found = match(await find(await weightsOf("timm/efficientnet_b0", fineTuned)));
      assert.equal(
        found.source,
        "timm tf_efficientnet_b0, as config.json, which lies beside it, says",
      );
      assert.deepEqual(found.candidates, []);
      assert.deepEqual(found.told?.labels, LETTERS);
      assert.deepEqual(found.told.scaling?.mean, [0.5, 0.5, 0.5]);
      assert.match(found.told.scaling.why, /config\.json, which lies beside it, says/);
    });
    it("hyper-parameters in the file settle it", async () => {
      const said = {
        hyper_parameters: {
          model_name: "tf_efficientnet_b0",
          class_to_idx: Object.fromEntries([...LETTERS].reverse().map((one, i) => [one, i])),
        },
      };
      const found = match(await find(await weightsOf("timm/efficientnet_b0", fineTuned), said));
      assert.equal(found.source, "timm tf_efficientnet_b0, as the file itself says");
      assert.deepEqual(found.told?.labels, [...LETTERS].reverse());
    });
    it("a configuration of another network in the folder says nothing", async () => {
      config({ architecture: "bert", mean: [9], std: [9], label_names: LETTERS });
      const found = match(await find(await weightsOf("torchvision/resnet18", fineTuned)));
      assert.equal(found.told?.labels, undefined);
      assert.equal(found.told?.scaling?.mean.length, 3);
    });
    it("a setting that no weight shows, and that is another, is refused in words", async () => {
      const weights = await weightsOf("timm/vit_tiny_patch16_224");
      config({ architecture: "resnet18", global_pool: "max" });
      assert.ok("structure" in (await find(weights)));
      config({ architecture: "vit_tiny_patch16_224", global_pool: "avg" });
      const refused = await find(weights);
      assert.ok("tried" in refused);
      assert.match(refused.tried.join(), /has global_pool "token", and config\.json.* says "avg"/);
    });
  });

  it("what may be the network lies under the word that most keys begin with", () => {
    const shaped = (...keys: string[]) => keys.map((name) => ({ name, shape: [1] }));
    const found = parts(
      shaped("model.net.a.w", "model.net.b.w", "loss.w", "model.net.a.num_batches_tracked"),
    );
    assert.deepEqual(
      found.map((part) => part.map(({ name }) => name)),
      [["model.net.a.w", "model.net.b.w", "loss.w"], ["a.w", "b.w"], ["w"]],
    );
  });
});
