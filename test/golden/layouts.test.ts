/** Outputs that lie as files of others have them: boxes, positions and letters are those that PyTorch has. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { json, refused, WASM } from "./cli-support.ts";
import { data } from "./support.ts";

const file = (name: string): string => data(`layouts/${name}`);
const INPUT = ["--input", file("x.npy"), ...WASM];
/** [box, class, score, left, top, width, height] */
type Row = readonly number[];
const ALL = ["--score", "0", "--iou", "1"];
type Told = Readonly<Record<string, number>>;

describe("where the numbers of an output lie", () => {
  let wanted: Readonly<Record<string, readonly Row[]>> & {
    readonly class_numbers: readonly number[];
    readonly letters: readonly number[];
  };
  before(async () => {
    wanted = JSON.parse(await readFile(file("wanted.json"), "utf8")) as typeof wanted;
  });

  /** By what the numbers are told. */
  const DETECTORS: Readonly<Record<string, RegExp>> = {
    // coordinates of one layer, scores of another: nothing is between them
    rows: /centre and size, in pixels/,
    objects: /centre and size, in pixels/,
    corners: /as corners, in pixels/,
    shares: /as corners, in shares/,
    beside: /as corners, in pixels/,
    beside_centre: /centre and size, in shares/,
    // from points that the file leaves out
    distances: /no anchors.*only scores/,
  };
  for (const [name, read] of Object.entries(DETECTORS))
    it(`${name}: boxes with their classes`, async () => {
      const said = await json("predict", file(`${name}.onnx`), ...INPUT, ...ALL);
      assert.equal(said["kind"], "detection");
      assert.match(String(said["read"]), read);
      const boxes = said["boxes"] as readonly Told[];
      const rows = wanted[name] ?? assert.fail(name);
      assert.equal(boxes.length, rows.length);
      for (const own of boxes) {
        const [, kind, ...numbers] = rows.find(([box]) => box === own["box"]) ?? assert.fail();
        assert.equal(own["class"], kind);
        const told = name === "distances" ? ["score"] : ["score", "x", "y", "width", "height"];
        told.forEach((key, i) => {
          assert.ok(
            Math.abs((own[key] ?? NaN) - (numbers[i] ?? NaN)) < 2e-3,
            `${key}: ${own[key]}`,
          );
        });
      }
    });

  it("a file that ends at the number of the class: the scores before are asked about", async () => {
    const said = await json("predict", file("class_numbers.onnx"), ...INPUT);
    assert.deepEqual([said["kind"], said["guessed"]], ["segmentation", false]);
    const areas = said["areas"] as readonly Told[];
    for (const { index = -1, positions } of areas)
      assert.equal(positions, wanted.class_numbers[index]);
    const inspected = await json("inspect", file("class_numbers.onnx"));
    const [output] = inspected["outputs"] as readonly { readonly shape: unknown }[];
    assert.deepEqual(output?.shape, [null, 8, 8]);
    const cam = await json("cam", file("class_numbers.onnx"), ...INPUT, "--class", "4");
    assert.equal(cam["target"], "predicted");
    assert.ok(Number(cam["scaleMax"]) > 0);
  });

  it("what only class scores make use of is refused for boxes", async () => {
    for (const option of ["--batch", "--top"])
      await refused(2, RegExp(`^convlens: ${option} `), "predict", file("rows.onnx"), ...INPUT, option, "2"); // prettier-ignore
  });

  it("letters with their steps before the pictures", async () => {
    const said = await json("predict", file("letters.onnx"), ...INPUT);
    assert.equal(said["kind"], "sequence");
    const steps = said["steps"] as readonly Told[];
    assert.deepEqual(
      steps.map(({ index }) => index),
      wanted.letters,
    );
    const token = await json("attribute", file("letters.onnx"), ...INPUT, "--target", "token:3,class:1"); // prettier-ignore
    assert.equal(token["target"], "token:3");
  });
});
