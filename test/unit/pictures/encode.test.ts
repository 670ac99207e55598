import assert from "node:assert/strict";
import { decode } from "fast-png";
import { encodePng } from "../../../src/pictures/index.ts";

describe("encodePng", () => {
  for (const channels of [1, 3, 4] as const)
    it(`${channels} channels: another decoder reads the same pixels`, () => {
      const pixels = Uint8Array.from({ length: 7 * 5 * channels }, (_, i) => (i * 37) % 256);
      const read = decode(encodePng(pixels, 7, 5, channels), { checkCrc: true });
      assert.deepEqual([read.width, read.height, read.channels, read.depth], [7, 5, channels, 8]);
      assert.deepEqual([...read.data], [...pixels]);
    });
  it("refuses pixels that do not fill the picture", () => {
    assert.throws(() => encodePng(new Uint8Array(5), 2, 2, 1), RangeError);
  });
});
