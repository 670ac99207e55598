import assert from "node:assert/strict";
import { parseTarget, whereText, type Where } from "../../../src/shared/where.ts";

const WRITTEN: readonly (readonly [text: string, where: Where | null, classes: string | null])[] = [
  ["class:285", null, "285"],
  ["class:Egyptian cat", null, "Egyptian cat"],
  ["box:240", { kind: "box", box: 240 }, null],
  ["box:240,class:0", { kind: "box", box: 240 }, "0"],
  ["box:3,unit:4", { kind: "box", box: 3, unit: 4 }, null],
  ["pixel:10,12,class:2", { kind: "pixel", row: 10, column: 12 }, "2"],
  ["region:a,b.png,class:1", { kind: "region", file: "a,b.png" }, "1"],
  [
    "polygon:1,2,1,9,8,4,class:3",
    {
      kind: "polygon",
      corners: [
        [1, 2],
        [1, 9],
        [8, 4],
      ],
    },
    "3",
  ],
  ["predicted", { kind: "predicted" }, null],
  ["predicted,class:3", { kind: "predicted" }, "3"],
  ["unit:5", { kind: "unit", unit: 5 }, null],
  ["token:7,class:2", { kind: "token", token: 7 }, "2"],
  ["mean,class:0", { kind: "mean" }, "0"],
];

describe("targets as they are written", () => {
  for (const [text, where, classes] of WRITTEN)
    it(text, () => {
      assert.deepEqual(parseTarget(text), { where, classes });
      const own = classes === null ? "" : `,class:${classes}`;
      if (where) assert.equal(whereText(where) + own, text);
    });

  for (const text of [
    "",
    "box",
    "box:-1",
    "pixel:1",
    "pixel:1,2,3",
    "polygon:1,2,3,4",
    "polygon:1,2,3,4,5",
    "predicted:1",
    "nowhere",
    "unit:x",
  ])
    it(`refuses '${text}'`, () => {
      assert.throws(() => parseTarget(text), /is no target: give one of class:K, box:N/);
    });
});
