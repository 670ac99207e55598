import type { Picture } from "../../shared/contract/lenses.ts";
import type { DecodedPicture } from "../decode/decode.ts";

/** A small RGBA copy whose longer side is at most `side` pixels, by area averaging; smaller pictures are only copied. */
export function thumbnail(picture: DecodedPicture, side: number): Picture {
  const shrink = Math.min(1, side / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * shrink));
  const height = Math.max(1, Math.round(picture.height * shrink));
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const columns = bounds(picture.width, width);
  const rows = bounds(picture.height, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rgba.set(
        mean(picture, [columns[x] ?? 0, columns[x + 1] ?? 0], [rows[y] ?? 0, rows[y + 1] ?? 0]),
        (y * width + x) * 4,
      );
  return { width, height, rgba };
}

/** Where each output cell begins, and the end of the last. */
function bounds(from: number, to: number): number[] {
  return Array.from({ length: to + 1 }, (_, i) => Math.floor((i * from) / to));
}

type Span = readonly [from: number, to: number];

function mean({ width, rgb }: DecodedPicture, [left, right]: Span, [top, bottom]: Span): number[] {
  const sum = [0, 0, 0];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      for (let k = 0; k < 3; k++) sum[k] = (sum[k] ?? 0) + (rgb[(y * width + x) * 3 + k] ?? 0);
  return sum.map((value) => Math.round(value / ((right - left) * (bottom - top))));
}
