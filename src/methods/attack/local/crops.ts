import { at } from "../../../base/at.ts";
import { floats, type FloatTensor } from "../../../base/tensor.ts";
import type { Pixel } from "../pixels.ts";
import type { Box } from "./cut.ts";

type Place = Pick<Pixel, "x" | "y">;

/** For each pixel the region of the map [1, H, W, C] around it, with its own patch in place; `outside` stands beyond the map. */
export function around(
  { shape, data }: FloatTensor,
  patches: FloatTensor,
  box: Box,
  region: Box,
  outside: number,
  pixels: readonly Place[],
): FloatTensor {
  const [, mapHeight, mapWidth, depth] = shape as readonly [number, number, number, number];
  const [height, width] = [region[0].size, region[1].size];
  const size = height * width * depth;
  const out = new Float32Array(pixels.length * size);
  pixels.forEach((pixel, row) => {
    const before = pixels[row - 1];
    const [top, left] = [at(region[0].starts, pixel.y), at(region[1].starts, pixel.x)];
    const [from, to] = [Math.max(0, -left), Math.min(width, mapWidth - left)];
    // colours of one pixel follow each other
    if (before?.x === pixel.x && before.y === pixel.y)
      out.copyWithin(row * size, (row - 1) * size, row * size);
    else {
      if (outside !== 0) out.fill(outside, row * size, (row + 1) * size);
      for (let y = Math.max(0, -top); y < Math.min(height, mapHeight - top) && from < to; y++) {
        const source = ((top + y) * mapWidth + left) * depth;
        const target = row * size + y * width * depth;
        out.set(data.subarray(source + from * depth, source + to * depth), target + from * depth);
      }
    }
    // of a patch only what lies in the map counts
    const [down, right] = [at(box[0].starts, pixel.y) - top, at(box[1].starts, pixel.x) - left];
    const [above, below] = [
      Math.max(0, down, -top),
      Math.min(height, down + box[0].size, mapHeight - top),
    ];
    const [first, last] = [Math.max(from, right), Math.min(to, right + box[1].size)];
    for (let y = above; y < below && first < last; y++) {
      const source = ((row * box[0].size + y - down) * box[1].size - right) * depth;
      const target = row * size + y * width * depth;
      out.set(
        patches.data.subarray(source + first * depth, source + last * depth),
        target + first * depth,
      );
    }
  });
  return floats([pixels.length, height, width, depth], out);
}

/** The whole map as a region. */
export function wholeMap({ shape }: FloatTensor, places: Box): Box {
  const along = (axis: 0 | 1): Box[0] => {
    const size = at(shape, axis + 1);
    const starts = places[axis].starts.map(() => 0);
    return { starts, ends: starts.map(() => size - 1), size };
  };
  return [along(0), along(1)];
}
