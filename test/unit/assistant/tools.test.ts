import assert from "node:assert/strict";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TOOLS, useTool } from "../../../src/assistant/index.ts";
import { regionText } from "../../../src/assistant/heat-map.ts";
import { TOOL_MESSAGES } from "../../../src/host/assistant/messages.ts";
import { OpenModels } from "../../../src/session/index.ts";

const MODEL = path.resolve("samples/digits/digits.h5");
const PICTURES = path.resolve("samples/digits/pictures");
const PICTURE = path.join(PICTURES, "digit_00_label6.png");
const ROOTS = [path.resolve("samples"), realpathSync(tmpdir())];

describe("tools for assistants", () => {
  const desk = new OpenModels({ engine: "wasm" });
  const ask = async (name: string, given: object): Promise<string> =>
    (await useTool(desk, name, given, ROOTS, new AbortController().signal)).text;
  after(async () => {
    await desk.releaseAll();
  });

  it("package.json and the host tell VS Code of exactly these", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
      contributes: {
        languageModelTools: { name: string; modelDescription: string; inputSchema: unknown }[];
      };
    };
    const told = manifest.contributes.languageModelTools.map((tool) => [
      tool.name,
      tool.modelDescription,
      tool.inputSchema,
    ]);
    assert.deepEqual(
      told,
      TOOLS.map(({ name, description, schema }) => [name, description, schema]),
    );
    assert.deepEqual(
      Object.keys(TOOL_MESSAGES),
      TOOLS.map(({ name }) => name),
    );
  });

  it("inspect, predict, a heat map in words, dead filters, a receptive field", async () => {
    assert.match(
      await ask("convlens_inspect", { model: MODEL }),
      /^conv2 \(Conv2D\) \[N,16,16,32\], 4640 parameters, receptive field 8x8$/m,
    );
    assert.match(
      await ask("convlens_predict", { model: MODEL, image: PICTURE, top: 1 }),
      /^6 \(class 6\): (100|99)\.\d\d %, logit/,
    );
    assert.match(
      await ask("convlens_grad_cam", { model: MODEL, image: PICTURE }),
      /hot region .*: x \d+ % to \d+ %/,
    );
    assert.match(
      await ask("convlens_dead_filters", { model: MODEL, images: PICTURES }),
      /over 20 pictures:\nconv1: 16 filters, \d+ dead \[3, (\d+, )*11\]/,
    );
    assert.match(
      await ask("convlens_receptive_field", { model: MODEL, layer: "conv3", y: 0, x: 0 }),
      /sees 18 x 18 input pixels, stride 4 x 4/,
    );
  });

  it("an attack and a maximisation, as the command line makes them", async () => {
    const search = { population: 20, steps: 3, seed: 1 };
    assert.match(
      await ask("convlens_attack", { model: MODEL, image: PICTURE, ...search }),
      /^(not )?fooled: 6 \(class 6\) in the output 'predictions' has the probability 0\.9\d+ before/,
    );
    const filter = { model: MODEL, layer: "conv2", filter: 3, steps: 4 };
    assert.match(
      await ask("convlens_maximize", filter),
      /^filter 3 of conv2: the picture reaches \d+\.\d+; the noise/,
    );
  });

  it("what is wrong is a sentence the model can act on", async () => {
    await assert.rejects(
      ask("convlens_what", {}),
      /no tool 'convlens_what'; there are convlens_inspect/,
    );
    await assert.rejects(ask("convlens_inspect", {}), /needs 'model'/);
    await assert.rejects(
      ask("convlens_predict", { model: MODEL, image: PICTURE, top: "many" }),
      /'top' to be a whole number/,
    );
    await assert.rejects(
      ask("convlens_grad_cam", { model: MODEL, image: PICTURE, class: "seven" }),
      /no class 'seven'/,
    );
    await assert.rejects(
      ask("convlens_receptive_field", { model: MODEL, layer: "conv9" }),
      /nearest names are/,
    );
    await assert.rejects(ask("convlens_inspect", { model: PICTURE }), /PNG picture/);
    const attacked = { model: MODEL, image: PICTURE };
    const made = { model: MODEL };
    const wrong: readonly (readonly [string, object, RegExp])[] = [
      ["convlens_attack", { ...attacked, method: "guess" }, /no method 'guess'; there are de,/],
      ["convlens_attack", { ...attacked, population: 2 }, /'population' must be 4 or more/],
      ["convlens_attack", { ...attacked, method: "exact", pixels: 2 }, /changes one pixel/],
      ["convlens_attack", { ...attacked, toward: "6" }, /already is of the target class 6/],
      ["convlens_maximize", made, /Name a layer and a filter/],
      ["convlens_maximize", { ...made, layer: "conv2" }, /Name the filter of the layer/],
      ["convlens_maximize", { ...made, layer: "conv2", class: "6" }, /not both/],
      ["convlens_maximize", { ...made, target: "class:6", class: "6" }, /names a class already/],
      ["convlens_maximize", { ...made, target: "predicted" }, /predicted/],
    ];
    for (const [name, args, why] of wrong) await assert.rejects(ask(name, args), why);
  });

  it("a folder of pictures is taken with those below, and one that is not there is named", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "convlens-tools-"));
    try {
      await assert.rejects(
        ask("convlens_dead_filters", { model: MODEL, images: folder }),
        /There is no picture .* in .*convlens-tools-/,
      );
      mkdirSync(path.join(folder, "six"));
      copyFileSync(PICTURE, path.join(folder, "six", "a.png"));
      const counted = await ask("convlens_dead_filters", { model: MODEL, images: folder });
      assert.match(counted, /^over 1 pictures:\nconv1: 16 filters/);
      const gone = path.join(folder, "seven");
      await assert.rejects(
        ask("convlens_dead_filters", { model: MODEL, images: gone }),
        /seven cannot be opened: there is no such file or folder/,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("read below their roots and nowhere else, links followed, and say so in one sentence", async () => {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "convlens-roots-")));
    const at = (...names: string[]): string => path.join(folder, ...names);
    const tool = (model: string, image: string, roots: readonly string[]): Promise<unknown> =>
      useTool(desk, "convlens_predict", { model, image }, roots, new AbortController().signal);
    try {
      mkdirSync(at("in", "saved"), { recursive: true });
      mkdirSync(at("out"));
      copyFileSync(MODEL, at("in", "own.h5"));
      copyFileSync(MODEL, at("out", "secret.h5"));
      copyFileSync(PICTURE, at("in", "own.png"));
      copyFileSync(PICTURE, at("out", "secret.png"));
      symlinkSync(at("out", "secret.png"), at("in", "link.png"));
      symlinkSync(at("out", "secret.h5"), at("in", "saved", "saved_model.pb"));
      await tool(at("in", "own.h5"), at("in", "own.png"), [at("in")]);
      await tool(at("in", "own.h5"), at("out", "secret.png"), [at("in"), at("out", "secret.png")]);
      const tries: [string, string][] = [
        [at("in", "own.h5"), at("in", "link.png")],
        [at("in", "own.h5"), at("in", "..", "out", "secret.png")],
        [at("in", "own.h5"), "/dev/zero"],
        [at("out", "secret.h5"), at("in", "own.png")],
        [at("out", "none.h5"), at("in", "own.png")],
        [at("in", "saved"), at("in", "own.png")],
      ];
      for (const [model, image] of tries)
        await assert.rejects(
          tool(model, image, [at("in")]),
          /^ConvLensError: '[^']+' lies outside of what assistants may read \([^)]+\); open its folder [^.]+\.$/,
        );
      await assert.rejects(tool(at("in", "own.h5"), at("in", "own.png"), []), /no folder is open/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("a SavedModel is opened again when a file in its folder has changed", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "convlens-tools-"));
    const model = path.join(folder, "saved");
    try {
      cpSync("test/models/small_savedmodel_k2", model, { recursive: true });
      const first = await desk.model(model);
      assert.equal(await desk.model(model), first);
      utimesSync(path.join(model, "variables", "variables.index"), 1, 1);
      assert.notEqual(await desk.model(model), first);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("the overlay of a small input is large enough to be seen", async () => {
    const args = { model: MODEL, image: PICTURE };
    const { png } = await useTool(
      desk,
      "convlens_grad_cam",
      args,
      ROOTS,
      new AbortController().signal,
    );
    assert.ok(png);
    // width and height of the PNG's header: 32 pixels, seven times
    const header = new DataView(png.buffer, png.byteOffset);
    assert.deepEqual([header.getUint32(16), header.getUint32(20)], [224, 224]);
  });

  it("a region in words is the box around what is hot", () => {
    const heat = new Float32Array(100);
    for (const i of [23, 24, 33, 34]) heat[i] = 0.8;
    heat[34] = 1;
    const text = regionText(heat, 10, 10);
    assert.match(text, /x 30 % to 50 %, y 20 % to 40 %/);
    assert.match(text, /covers 4 % of the picture; the maximum is at x 40 %, y 30 %/);
  });
});
