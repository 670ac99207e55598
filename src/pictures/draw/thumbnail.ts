import type { Picture as View } from "../../shared/contract/lenses.ts";
import type { Picture } from "../decode/picture.ts";

/** A small RGBA copy whose longer side is at most `side` pixels, by area averaging; smaller pictures are only copied. */
export async function thumbnail(picture: Picture, side: number): Promise<View> {
  const shrink = Math.min(1, side / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * shrink));
  const height = Math.max(1, Math.round(picture.height * shrink));
  const columns = bounds(picture.width, width);
  const rows = bounds(picture.height, height);
  const rgb = await picture.reduce({ kind: "mean", rows, columns });
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return { width, height, rgba };
}

/** Where each output cell begins, and the end of the last. */
function bounds(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to + 1 }, (_, i) => Math.floor((i * from) / to));
}
