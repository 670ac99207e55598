/** A class that stands for no object is never what a box is of; coordinates in another order than they are read in are noticed. */
import assert from "node:assert/strict";
import { floats } from "../../../../src/base/tensor.ts";
import { detected } from "../../../../src/methods/outputs/boxes.ts";
import { scoresOf } from "../../../../src/methods/outputs/box-scores.ts";
import type { Output } from "../../../../src/methods/outputs/index.ts";
import type { BoxForm } from "../../../../src/methods/outputs/types.ts";

const LABELS = ["background", "cat", "dog"];

/** Three boxes with three scores each, and their coordinates in another output. */
function output(choice: "one" | "several", form: BoxForm): Output {
  return {
    spec: { name: "scores", node: "scores", shape: [1, 3, 3], dtype: "float32" },
    ...{ kind: "detection", why: "", guessed: false, grid: null, places: 3, numbers: 3 },
    ...{ classes: [0, 3], choice, layout: { places: [1], numbers: 2, split: 1 } },
    boxes: {
      coordinates: { output: 0, from: 0, form },
      ...{ objectness: null, scores: 1, named: null, ids: null, suppression: "none", read: null },
      ...{ pixels: true, peaks: null },
    },
  };
}
const SCORES = Float32Array.of(0.9, 0.06, 0.04, 0.1, 0.7, 0.2, 0.2, 0.3, 0.5);

describe("no object", () => {
  for (const choice of ["one", "several"] as const)
    it(`by the class' name, of ${choice}`, () => {
      const { of, each, read } = scoresOf(output(choice, "corners"), SCORES, LABELS);
      const rows = [0, 1, 2].map((box) => SCORES.subarray(3 * box, 3 * box + 3));
      assert.deepEqual(
        rows.map((row) => of(row).best),
        [1, 1, 2],
      );
      assert.ok(rows.every((row) => each(row).every(({ best }) => best !== 0)));
      assert.match(read, /Class 0, which is called 'background', is taken for 'no object'/);
    });

  it("no other name, and no list of another length, says so", () => {
    for (const labels of [["backgammon", "cat", "dog"], ["background", "cat"], null]) {
      const { of, read } = scoresOf(output("several", "corners"), SCORES, labels);
      // three boxes of which one is the first class: none is told by numbers, either
      assert.equal(of(SCORES.subarray(0, 3)).best, 0, String(labels));
      assert.equal(read, "");
    }
  });
});

describe("the order of corners", () => {
  const told = (form: BoxForm, ...rows: (readonly number[])[]): string => {
    const coordinates = floats([1, 3, 4], Float32Array.from(rows.flat()));
    const scores = floats([1, 3, 3], SCORES);
    return detected(
      output("one", form),
      { scores, coordinates, ids: null },
      {
        ...{ size: [100, 100], thresholds: { score: 0, iou: 0.5 }, labels: LABELS },
        name: (index) => ({ index, label: LABELS[index] ?? null }),
      },
    ).read;
  };

  it("is said, rows first or columns first", () => {
    const rows = [10, 20, 30, 40];
    assert.match(told("corners, y first", rows, rows, rows), /corners, y first, in pixels/);
    assert.doesNotMatch(told("corners", rows, rows, rows), /y first|before they begin/);
  });
  it("is doubted where boxes end before they begin", () => {
    // ymin, ymax, xmin, xmax
    const [other, right] = [
      [50, 60, 10, 20],
      [10, 20, 30, 40],
    ];
    assert.match(
      told("corners, y first", other, other, right),
      /2 of these 3 boxes end before they begin, so the order of the coordinates may be another\./,
    );
  });
});
