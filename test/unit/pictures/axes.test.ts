/** Arrays of one axis and three for the eye. */
import assert from "node:assert/strict";
import { floats, sizeOf } from "../../../src/base/tensor.ts";
import { anyArray, curvesOf } from "../../../src/pictures/index.ts";
import { sliced } from "../../../webview/common/drawing/planes.ts";

const counting = (shape: readonly number[]) =>
  floats(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => i),
  );

describe("arrays of one axis and three", () => {
  it("a series is curves of all its channels on one scale, long ones by their ends", () => {
    const short = curvesOf(counting([1, 1, 3, 2]), 0);
    assert.deepEqual(
      [short.length, short.columns, [...short.low], short.min, short.max],
      [3, 3, [0, 102, 204, 51, 153, 255], 0, 5],
    );
    const long = curvesOf(counting([1, 1, 4096, 1]), 0);
    assert.equal(long.columns, 2048);
    assert.ok((long.high[1000] ?? 0) >= (long.low[1000] ?? 255));
  });
  it("a volume is cut across each of its axes", () => {
    const cells = Uint8Array.from({ length: 24 }, (_, i) => i); // [2, 3, 4]
    const cut = (plane: "depth" | "rows" | "columns", index: number) => {
      const { pixels, height, width } = sliced(cells, [2, 3, 4], plane, index);
      return [height, width, pixels[0], pixels.at(-1)];
    };
    assert.deepEqual(cut("depth", 1), [3, 4, 12, 23]);
    assert.deepEqual(cut("rows", 2), [2, 4, 8, 23]);
    assert.deepEqual(cut("columns", 3), [2, 3, 3, 23]);
  });
  it("is small in the strip: a curve, a picture, the middle slice", () => {
    const sizes = [[400], [1, 1, 400], [6, 96], [3, 6, 10, 12], [1, 1, 8, 9, 12], [5, 7, 3]];
    const seen = sizes.map((shape) => {
      const view = anyArray(counting(shape));
      return view && [view.height, view.width];
    });
    assert.deepEqual(seen, [
      ...[
        [96, 400],
        [96, 400],
      ],
      ...[
        [96, 96],
        [10, 12],
      ],
      ...[
        [9, 12],
        [5, 7],
      ],
    ]);
    assert.equal(anyArray(counting([2, 2, 2, 2, 2])), null);
  });
});
