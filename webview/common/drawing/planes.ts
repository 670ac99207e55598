/** Planes of volumes whose slices stand one below another. */

/** Across which axis a volume is cut. */
export type Plane = "depth" | "rows" | "columns";
/** Slices, rows and columns. */
export type VolumeSize = readonly [depth: number, height: number, width: number];

/** A plane of 8-bit cells [D, H, W, n]: across depth it is a slice, across rows or columns depth runs down. */
export function sliced(
  pixels: Uint8Array,
  [depth, height, width]: VolumeSize,
  plane: Plane,
  index: number,
): { pixels: Uint8Array; width: number; height: number } {
  const each = pixels.length / (depth * height * width);
  const size =
    plane === "depth" ? [height, width] : plane === "rows" ? [depth, width] : [depth, height];
  const [rows = 1, columns = 1] = size;
  const out = new Uint8Array(rows * columns * each);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const [z, y, x] =
        plane === "depth" ? [index, i, j] : plane === "rows" ? [i, index, j] : [i, j, index];
      const from = ((z * height + y) * width + x) * each;
      out.set(pixels.subarray(from, from + each), (i * columns + j) * each);
    }
  return { pixels: out, width: columns, height: rows };
}
