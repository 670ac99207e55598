/** A checkpoint over pictures whose class their folder tells. */
import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCompute } from "../../src/compute/compute.ts";
import { classFolders } from "../../src/session/training/class-folders.ts";
import { sample } from "./cli-support.ts";
import { model as modelFile } from "./support.ts";

const PICTURES = ["00_label6", "01_label5", "02_label5", "03_label0", "04_label4", "05_label4"];

describe("a checkpoint over class folders", () => {
  const compute = createCompute();
  const control = { signal: new AbortController().signal, progress: () => undefined };
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "convlens-classes-"))));
  afterEach(() => rm(folder, { recursive: true }));

  /** Copies pictures of digits into folders that `nameOf` their digit names. */
  async function sorted(nameOf: (digit: number) => string): Promise<Map<string, number>> {
    const made = new Map<string, number>();
    for (const name of PICTURES) {
      const digit = Number(name.at(-1));
      const to = path.join(folder, nameOf(digit));
      await mkdir(to, { recursive: true });
      const file = path.join(to, `${name}.png`);
      await copyFile(sample(`digits/pictures/digit_${name}.png`), file);
      made.set(file, digit);
    }
    return made;
  }

  for (const checkpoint of ["checkpoints/epoch_00.h5", "digits.h5"])
    it(`${checkpoint}: accuracy and loss are those of its answers, one by one`, async () => {
      const made = await sorted(String);
      // a mistake: the loss is large
      await copyFile(
        sample("digits/pictures/digit_06_label8.png"),
        path.join(folder, "5", "x.png"),
      );
      made.set(path.join(folder, "5", "x.png"), 5);
      await writeFile(path.join(folder, "5", "broken.png"), "no picture");
      const model = sample(`digits/${checkpoint}`);
      const rated = await compute.accuracy({ model, folder }, control);
      let [right, loss] = [0, 0];
      for (const [image, digit] of made) {
        const { classes } = await compute.predict({ model, image, top: 10 }, control);
        if (classes[0]?.index === digit) right++;
        const own = classes.find(({ index }) => index === digit)?.probability;
        loss -= Math.log(Math.max(own ?? NaN, 1e-7));
      }
      const { accuracy, counted, skipped, by } = rated;
      assert.deepEqual([counted, skipped, accuracy], [made.size, 1, right / made.size]);
      assert.equal(by, checkpoint === "digits.h5" ? "names" : "numbers");
      assert.ok(Math.abs(rated.loss - loss / made.size) < 1e-4, `${rated.loss}`);
    });

  it("logits have a loss too", async () => {
    const made = await sorted((digit) => String(digit % 4));
    const model = modelFile("heads/bare.keras");
    const rated = await compute.accuracy({ model, folder }, control);
    let loss = 0;
    for (const [image, digit] of made) {
      const { classes, logNormalizer } = await compute.predict({ model, image, top: 4 }, control);
      const own = classes.find(({ index }) => index === digit % 4);
      loss += Number(logNormalizer) - (own?.logit ?? NaN);
    }
    assert.ok(Math.abs(rated.loss - loss / made.size) < 1e-4);
  });

  it("folders are classes by name, by number, or in the order of their names", async () => {
    const digits = { classes: 4, labels: ["zebra", "Great_White shark", "cat", "dog"] };
    const found = async (names: readonly string[]): Promise<unknown[]> => {
      for (const name of names) {
        await mkdir(path.join(folder, name));
        await copyFile(
          sample("digits/pictures/digit_00_label6.png"),
          path.join(folder, name, "a.png"),
        );
      }
      const { by, pictures } = await classFolders(folder, digits, 100);
      const indices = [...pictures].map(([file, i]) => `${path.basename(path.dirname(file))} ${i}`);
      await rm(folder, { recursive: true });
      await mkdir(folder);
      return [by, ...indices];
    };
    const shark = "great white-shark";
    assert.deepEqual(await found(["cat", shark]), ["names", "cat 2", `${shark} 1`]);
    assert.deepEqual(await found(["0", "03"]), ["numbers", "0 0", "03 3"]);
    assert.deepEqual(await found(["a", "b", "c", "d"]), ["order", "a 0", "b 1", "c 2", "d 3"]);
    await assert.rejects(
      found(["a", "b", "c"]),
      /holds 3 folders \('a', 'b', 'c'\), which are not/,
    );
  });
});
