/** Networks that take more than the picture: what the rest is, is said once, in the model's sidecar, and holds wherever the network is run. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { floats } from "../../src/base/tensor.ts";
import { createCompute } from "../../src/compute/compute.ts";
import { encodeNpy, encodePng } from "../../src/pictures/index.ts";
import { WHOLE, type AttackQuestion } from "../../src/shared/question.ts";
import type { Stated } from "../../src/shared/sidecar.ts";
import { severalInputs } from "../support/several-inputs.ts";
import { json } from "./cli-support.ts";

const control = { signal: new AbortController().signal, progress: () => undefined };
const picture = (seed: number): Uint8Array =>
  encodePng(
    Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * seed) % 256),
    8,
    8,
    3,
  );

describe("inputs beside the picture", () => {
  const compute = createCompute();
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-inputs-"));
    for (const kind of ["facts", "siamese", "depth"] as const)
      await writeFile(at(`${kind}.onnx`), severalInputs(kind));
    await writeFile(at("one.png"), picture(37));
    await writeFile(at("two.png"), picture(101));
    const rows = Float32Array.from([1, 2, 3, 3, 6, 5]);
    await writeFile(at("rows.npy"), encodeNpy(floats([2, 3], rows)));
    const row = Float32Array.from([2, 4, 4]);
    await writeFile(at("row.npy"), encodeNpy(floats([3], row)));
  });
  after(() => rm(folder, { recursive: true }));

  const say = async (model: string, inputs: Record<string, Stated | null>): Promise<string> =>
    compute.saveSidecar({ model: at(model), inputs }, control);
  const logits = async (model: string): Promise<readonly number[]> => {
    const asked = { model: at(model), image: at("one.png"), top: 3 };
    const { classes } = await compute.predict(asked, control);
    return classes.toSorted((a, b) => a.index - b.index).map(({ logit }) => logit);
  };
  const stated = async (model: string): Promise<unknown> =>
    (JSON.parse(await readFile(at(`${model}.convlens.json`), "utf8")) as { inputs: unknown })
      .inputs;

  it("are told of, with what is said of them, and asked for where nothing is", async () => {
    const { besides } = await compute.summary({ model: at("depth.onnx") }, control);
    const shape = [null, 1, 8, 8];
    assert.deepEqual(besides, [{ name: "depth", shape, cells: 64, picture: true, stated: null }]);
    await assert.rejects(logits("facts.onnx"), /say what 'facts' \(N, 3\) is/);
  });

  it("a vector: numbers, one for all, an array, or the mean over the rows of one", async () => {
    await say("facts.onnx", { facts: [2, 4, 4] });
    const numbers = await logits("facts.onnx");
    const { besides } = await compute.summary({ model: at("facts.onnx") }, control);
    assert.deepEqual(besides[0]?.stated, [2, 4, 4]);
    for (const same of ["row.npy", { mean: "rows.npy" }]) {
      await say("facts.onnx", { facts: same });
      assert.deepEqual(await logits("facts.onnx"), numbers);
    }
    await say("facts.onnx", { facts: 0 });
    const zeros = await logits("facts.onnx");
    // the last three rows of the weights: what three numbers of a vector add to the scores
    const weight = (i: number): number => (((i * 7 + "weights".length) % 11) - 5) / 4;
    zeros.forEach((zero, k) => {
      const added = 2 * weight(12 + k) + 4 * weight(15 + k) + 4 * weight(18 + k);
      assert.ok(Math.abs((numbers[k] ?? Number.NaN) - zero - added) < 1e-5);
    });
    const { classes } = await json("predict", at("facts.onnx"), "--image", at("one.png"));
    assert.deepEqual(
      classes.toSorted((a, b) => a.index - b.index).map(({ logit }) => logit),
      zeros,
    );
  });

  it("a second picture, that the network sees as the first", async () => {
    for (const [model, name] of [
      ["siamese.onnx", "right"],
      ["depth.onnx", "depth"],
    ] as const) {
      await say(model, { [name]: "two.png" });
      const both = await logits(model);
      await say(model, { [name]: 0 });
      assert.notDeepEqual(await logits(model), both);
    }
    await say("siamese.onnx", { right: "two.png" });
    const seen = { model: at("siamese.onnx"), image: at("one.png"), on: "right" };
    const { rgba } = await compute.modelView(seen, control);
    assert.deepEqual([...rgba].filter((_, i) => i % 4 !== 3).slice(0, 3), [0, 101, 202]);
    // where a cell of the second branch looks, it looks in the second picture
    const cell = { model: at("siamese.onnx"), layer: "maps_right", y: 2, x: 3 };
    const field = await compute.receptiveField(cell, control);
    assert.deepEqual(field, { x: 3, y: 2, width: 3, height: 3 });
  });

  it("are the same of each picture that is counted", async () => {
    await say("facts.onnx", { facts: 1 });
    const asked = { model: at("facts.onnx"), paths: [at("one.png"), at("two.png")] };
    const { images, unreadable, layers } = await compute.census(asked, control);
    assert.deepEqual([images, unreadable, layers[0]?.filters], [2, 0, 4]);
  });

  it("what does not fit is refused, and nothing is written", async () => {
    await say("facts.onnx", { facts: [1, 2, 3] });
    const files = await readdir(folder);
    const wrong: readonly (readonly [Stated, RegExp])[] = [
      [[1, 2], /a number or 3 numbers/],
      ["missing.npy", /no such file/],
      ["../row.npy", /outside of/],
      [{ mean: "row.npy" }, /no rows/],
    ];
    for (const [facts, why] of wrong) {
      await assert.rejects(say("facts.onnx", { facts }), why);
      assert.deepEqual(await stated("facts.onnx"), { facts: [1, 2, 3] });
    }
    await assert.rejects(say("facts.onnx", { other: 0 }), /no input 'other'/);
    assert.deepEqual(await readdir(folder), files);
  });

  it("what else the sidecar says stays, and one of which nothing is said any more goes", async () => {
    const file = at("siamese.onnx.convlens.json");
    await writeFile(
      file,
      JSON.stringify({ labels: ["a", "b", "c"], inputs: { left: 0, right: 1 } }),
    );
    await say("siamese.onnx", { right: null });
    const kept: unknown = JSON.parse(await readFile(file, "utf8"));
    assert.deepEqual(kept, { labels: ["a", "b", "c"], inputs: { left: 0 } });
  });

  it("an attack, which changes one picture alone, says so", async () => {
    const question: AttackQuestion = {
      ...{ kind: "attack", image: at("one.png"), method: "de", ...WHOLE },
      ...{ pixels: 1, population: 4, generations: 1, seed: 0, trueClass: null, target: null },
    };
    await assert.rejects(
      async () => compute.attack({ model: at("facts.onnx"), question }, control),
      /of one picture alone, and the model takes 2 inputs \(image, facts\)/,
    );
  });
});
