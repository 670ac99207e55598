import type { Preprocessing } from "../../base/preprocessing.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Picture } from "../decode/picture.ts";
import { mixed, taps, used } from "./resize.ts";

/** A rectangle of a picture, in pixels from its top left. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a picture that becomes the input: all of it, or the largest centred rectangle of the input's aspect. */
export function fitRegion(
  picture: { readonly width: number; readonly height: number },
  [height, width]: readonly [number, number],
  fit: Preprocessing["fit"],
): Crop {
  if (fit === "squash") return { x: 0, y: 0, width: picture.width, height: picture.height };
  const unit = Math.min(picture.width / width, picture.height / height);
  const w = Math.max(1, Math.min(picture.width, Math.round(width * unit)));
  const h = Math.max(1, Math.min(picture.height, Math.round(height * unit)));
  return {
    x: Math.floor((picture.width - w) / 2),
    y: Math.floor((picture.height - h) / 2),
    width: w,
    height: h,
  };
}

/** A region of a picture as `resizeBilinear` makes it of that size, [height, width, 3]: only the pixels that it mixes are taken. */
export async function resizedRegion(
  picture: Picture,
  region: Crop,
  [height, width]: readonly [number, number],
): Promise<FloatTensor> {
  const rows = used(taps(region.height, height));
  const columns = used(taps(region.width, width));
  const data = await picture.reduce({
    kind: "sample",
    rows: rows.positions.map((y) => y + region.y),
    columns: columns.positions.map((x) => x + region.x),
  });
  const size = { width: columns.positions.length, height: rows.positions.length };
  return mixed({ ...size, channels: 3, data }, rows.taps, columns.taps);
}
