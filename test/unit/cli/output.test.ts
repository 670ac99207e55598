import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Artifacts } from "../../../src/cli/output/artifacts.ts";
import { filesRead } from "../../../src/cli/output/not-over.ts";
import { Film } from "../../../src/cli/maximize/frames.ts";
import { parseArguments } from "../../../src/cli/arguments/parse.ts";
import { concat, stack, withoutBatch } from "../../../src/cli/model/batches.ts";
import { tileGrid } from "../../../src/pictures/index.ts";
import { slice } from "../../../src/cli/arguments/inputs.ts";
import { arrayView, decodeNpy, decodePicture } from "../../../src/pictures/index.ts";
import { floats } from "../../../src/base/tensor.ts";

describe("Artifacts", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "convlens-out-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("writes safe, distinct file names and describes the arrays", async () => {
    const out = path.join(folder, "new", "deep");
    const artifacts = new Artifacts(out);
    const tensor = floats([2, 2], Float32Array.of(-1, 0, 1, 6));
    for (const name of ["outer/inner", "outer_inner", "../../etc/passwd", "OUTER_inner"])
      await artifacts.array(name, tensor);
    assert.deepEqual(
      artifacts.arrays.map(({ file }) => file),
      ["outer_inner.npy", "outer_inner-2.npy", "__.._etc_passwd.npy", "OUTER_inner-3.npy"],
    );
    assert.deepEqual(artifacts.arrays[0], {
      ...{ name: "outer/inner", file: "outer_inner.npy", shape: [2, 2], dtype: "float32" },
      ...{ min: -1, max: 6, mean: 1.5 },
    });
    const written = await readFile(path.join(out, "outer_inner.npy"));
    assert.deepEqual(decodeNpy(written, "a.npy"), tensor);
    assert.deepEqual(await readdir(folder), ["new"]);
  });

  it("writes and draws nothing without a folder", async () => {
    const artifacts = new Artifacts(null);
    await artifacts.array("empty", floats([0], new Float32Array()));
    await artifacts.picture("never", () => assert.fail("drawn in vain"));
    assert.deepEqual([artifacts.arrays[0]?.file, artifacts.arrays[0]?.min], [null, null]);
  });

  it("writes over nothing that the command reads, by whatever name", async () => {
    const picture = path.join(folder, "conv1.png");
    await writeFile(picture, "a picture");
    await symlink(folder, path.join(folder, "way"));
    const read = filesRead(parseArguments(["cam", "a.keras", "--image", `x=${picture}`]));
    for (const out of [folder, path.join(folder, "way")])
      await assert.rejects(
        new Artifacts(out, read).picture("conv1", () => Uint8Array.of(1)),
        { kind: "usage", message: /conv1\.png is read here and not written over/ },
      );
    await assert.rejects(Film.for(picture, 3, read), /read here and not written over/);
    assert.equal(await readFile(picture, "utf8"), "a picture");
  });

  it("says that the folder cannot be written", async () => {
    const file = path.join(folder, "a-file");
    await writeFile(file, "");
    await assert.rejects(new Artifacts(file).document("x", "{}"), {
      kind: "usage",
      message: /cannot be written/,
    });
  });
});

describe("batches", () => {
  const three = floats([3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));

  it("slices and joins along the batch axis", () => {
    const [first] = slice([three], 0, 2);
    const [last] = slice([three], 2, 3);
    assert.ok(first && last);
    assert.deepEqual([...last.data], [5, 6]);
    assert.deepEqual(concat([[first], [last]], 0), three);
    assert.deepEqual(withoutBatch(last).shape, [2]);
    assert.deepEqual(withoutBatch(three).shape, [3, 2]);
  });

  it("stacks, and leaves a single tensor as it is", () => {
    assert.deepEqual(stack([three, three]).shape, [2, 3, 2]);
    assert.equal(stack([three]), three);
  });
});

describe("pictures of results", () => {
  it("draws tiles in rows, enlarged, with gaps", async () => {
    const tiles = {
      ...{ count: 3, first: 0, total: 3, width: 12, height: 12, channels: 1 as const },
      ...{ pixels: new Uint8Array(3 * 144).fill(100), ranges: new Float32Array() },
    };
    const { width, height, rgb } = await decodePicture(tileGrid(tiles, 2, "gray"), "grid.png");
    assert.deepEqual([width, height], [2 + 2 * 26, 2 + 2 * 26]);
    const at = (x: number, y: number): number => rgb[(y * width + x) * 3] ?? NaN;
    assert.deepEqual(
      [at(0, 0), at(2, 2), at(25, 25), at(26, 2), at(28, 28)],
      [255, 100, 100, 255, 255],
    );
    assert.equal(at(2, 28), 100);
  });

  it("shows arrays stretched to 0..255", () => {
    const array = floats([2, 1, 2, 1], Float32Array.of(9, 9, -1, 3));
    assert.deepEqual([...arrayView(array, 1).rgba], [0, 0, 0, 255, 255, 255, 255, 255]);
    assert.deepEqual([...arrayView(array, 0).rgba.subarray(0, 4)], [0, 0, 0, 255]);
    const five = floats([1, 1, 2, 5], Float32Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0, 0));
    assert.equal(arrayView(five, 0).rgba[0], 255);
  });
});
