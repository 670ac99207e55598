import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { drawAttribution } from "../../../src/cli/attribute/picture.ts";
import { controlOf } from "../../../src/cli/model/control.ts";
import { filterNumbers } from "../../../src/cli/filters/filter-numbers.ts";
import { pickMethod } from "../../../src/cli/arguments/methods.ts";
import { parseArguments } from "../../../src/cli/arguments/parse.ts";
import { pictureFiles } from "../../../src/session/run/picture-files.ts";
import { readRecipe } from "../../../src/cli/maximize/recipe.ts";
import { contrast } from "../../../src/methods/cam/index.ts";
import { decodePicture } from "../../../src/pictures/index.ts";
import { overChannels } from "../../../src/session/index.ts";
import { floats } from "../../../src/base/tensor.ts";

const usage = (message: RegExp): { kind: string; message: RegExp } => ({ kind: "usage", message });

describe("what methods are asked", () => {
  it("picks a method, the first by itself", () => {
    const methods = ["plain", "robust"] as const;
    const pick = (...args: string[]): string => pickMethod(parseArguments(args), methods);
    assert.equal(pick(), "plain");
    assert.equal(pick("--method", "robust"), "robust");
    assert.throws(() => pick("--method", "plane"), usage(/nearest are plain/));
  });

  it("reads filter numbers", () => {
    assert.deepEqual(filterNumbers("3, 0", 4, "conv1"), [3, 0]);
    assert.deepEqual(filterNumbers("all", 3, "conv1"), [0, 1, 2]);
    for (const text of ["4", "-1", "1.5", "x", "", "1,"])
      assert.throws(
        () => filterNumbers(text, 4, "conv1"),
        usage(/outside 0\.\.3 of layer 'conv1'/),
      );
  });

  it("tells of every tenth of the way once", () => {
    const said: string[] = [];
    const { signal } = new AbortController();
    const control = controlOf({ signal, say: (line) => said.push(line) }, "steps");
    for (let i = 1; i <= 100; i++) control.progress({ fraction: i / 200 });
    control.progress({ message: "refining" });
    assert.deepEqual(said, [
      ...["steps: 10 %", "steps: 20 %", "steps: 30 %", "steps: 40 %", "steps: 50 %", "refining"],
    ]);
  });
});

describe("contrast", () => {
  it("subtracts maps and weights, with ReLU after", () => {
    const map = (...values: number[]): Parameters<typeof contrast>[0] => ({
      classIndex: 0,
      signed: floats([1, 2], Float32Array.from(values)),
      raw: floats([1, 2], Float32Array.from(values)),
      alpha: floats([1], Float32Array.of(values[0] ?? 0)),
    });
    const { signed, raw, alpha } = contrast(map(3, 1), map(1, 2));
    assert.deepEqual(
      [[...signed.data], [...raw.data]],
      [
        [2, -1],
        [2, 0],
      ],
    );
    assert.deepEqual([...(alpha?.data ?? [])], [2]);
  });
});

describe("drawAttribution", () => {
  const view = { width: 2, height: 1, rgba: new Uint8Array(8).fill(128) };

  it("diverges around gray where both signs occur", async () => {
    const attribution = floats([1, 2, 2], Float32Array.of(2, 1, -3, 1));
    assert.deepEqual([...overChannels(attribution)], [3, -2]);
    const { rgb } = await decodePicture(drawAttribution(attribution, view), "overlay.png");
    assert.ok((rgb[0] ?? 0) > (rgb[2] ?? 0), "red speaks for the class");
    assert.ok((rgb[5] ?? 0) > (rgb[3] ?? 0), "blue against it");
  });

  it("draws nothing but zeros alike, in one colour", async () => {
    const none = floats([1, 2, 1], new Float32Array(2));
    const { rgb } = await decodePicture(drawAttribution(none, view), "overlay.png");
    assert.deepEqual(rgb.subarray(0, 3), rgb.subarray(3, 6));
  });
});

describe("files of methods", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-files-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("finds the pictures of a folder, below it too, and nothing else", async () => {
    await mkdir(at("p/q"), { recursive: true });
    await mkdir(at("empty"));
    for (const name of ["p/b.PNG", "p/q/a.jpeg", "p/notes.txt", "p/.hidden.png"])
      await writeFile(at(name), "");
    assert.deepEqual(await pictureFiles([at("p")]), [at("p/b.PNG"), at("p/q/a.jpeg")]);
    assert.deepEqual(await pictureFiles([at("p/notes.txt")]), [at("p/notes.txt")]);
    await assert.rejects(pictureFiles([]), usage(/--images DIR/));
    await assert.rejects(pictureFiles([at("none")]), { kind: "input", message: /no such file/ });
    await assert.rejects(pictureFiles([at("empty")]), { kind: "input", message: /no picture/ });
  });

  it("reads recipes, and says what is none", async () => {
    const scaling = { order: "rgb", scale: 1, mean: [127], std: [128] };
    const recipe = { objective: { classes: [3] }, method: "plain", steps: 5, seed: 0, scaling };
    await writeFile(at("good.json"), JSON.stringify(recipe));
    assert.deepEqual(await readRecipe(at("good.json")), recipe);
    const broken = [
      ...[null, [], { ...recipe, method: "other" }, { ...recipe, steps: -1 }],
      ...[
        { ...recipe, objective: { layer: "conv1" } },
        { ...recipe, objective: { classes: [] } },
      ],
      { ...recipe, scaling: { ...scaling, std: "1" } },
    ];
    for (const value of broken) {
      await writeFile(at("bad.json"), JSON.stringify(value));
      await assert.rejects(readRecipe(at("bad.json")), { kind: "input", message: /not a recipe/ });
    }
    await writeFile(at("bad.json"), "{");
    await assert.rejects(readRecipe(at("bad.json")), { kind: "input", message: /not a recipe/ });
    await assert.rejects(readRecipe(at("none.json")), { kind: "input", message: /opened/ });
  });
});
