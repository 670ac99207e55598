import type { Preprocessing } from "../../base/preprocessing.ts";
import type { Raster } from "./resize.ts";
import type { DecodedPicture } from "../decode/decode.ts";

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

/** Copies a region out of a picture. */
export function crop(picture: DecodedPicture, region: Crop): Raster {
  const { x, y, width, height } = region;
  if (width === picture.width && height === picture.height)
    return { width, height, channels: 3, data: picture.rgb };
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * picture.width + x) * 3;
    data.set(picture.rgb.subarray(start, start + width * 3), row * width * 3);
  }
  return { width, height, channels: 3, data };
}
