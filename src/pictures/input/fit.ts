import { at } from "../../base/at.ts";
import type { Preprocessing, Resizing } from "../../base/preprocessing.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import type { Picture } from "../decode/picture.ts";
import { mixed, taps, used } from "./resize.ts";
import { windows } from "./windows.ts";

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

/** A picture as it is resized, and the part of that which becomes the input. */
interface Resized {
  /** Rows and columns of the whole. */
  readonly size: readonly [number, number];
  readonly top: number;
  readonly left: number;
}

/** As torchvision's Resize and CenterCrop have it: the input is `cropped` of the side that fits. */
export function resizedWhole(
  { width: w, height: h }: { readonly width: number; readonly height: number },
  input: readonly [number, number],
  { fit, cropped }: Required<Omit<Resizing, "interpolation">>,
): Resized {
  // 224 of 0.875 is 256, and of 0.9 is 248; what doubles lose of a quotient is nothing
  const [rows, columns] = input.map((side) => Math.floor(side / cropped + 1e-6)) as [
    number,
    number,
  ];
  const isTall = rows * w <= columns * h;
  const whole: [number, number] =
    fit === "squash"
      ? [rows, columns]
      : isTall
        ? [Math.max(rows, Math.trunc((columns * h) / w)), columns]
        : [rows, Math.max(columns, Math.trunc((rows * w) / h))];
  const [top, left] = whole.map((side, axis) => toEven((side - at(input, axis)) / 2)) as [
    number,
    number,
  ];
  return { size: whole, top, left };
}
/** Halves to the even neighbour, as Python rounds. */
const toEven = (value: number): number =>
  value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);

/** What was made of a picture last: it is fed, and shown as it is fed. */
const made = new WeakMap<Picture, { readonly of: string; readonly pixels: Promise<FloatTensor> }>();

/** A picture as the network sees it, [height, width, 3] in 0..255. */
export function resized(
  picture: Picture,
  { fit, cropped, interpolation }: Resizing,
  input: readonly [number, number],
): Promise<FloatTensor> {
  if (interpolation === undefined && cropped === undefined)
    return resizedRegion(picture, fitRegion(picture, input, fit), input);
  const how = { fit, cropped: cropped ?? 1, interpolation: interpolation ?? "bilinear" };
  const of = JSON.stringify([how, input]);
  const known = made.get(picture);
  if (known?.of === of) return known.pixels;
  const pixels = filtered(picture, how, input);
  made.set(picture, { of, pixels });
  return pixels;
}

async function filtered(
  picture: Picture,
  { interpolation, ...fitting }: Required<Resizing>,
  input: readonly [number, number],
): Promise<FloatTensor> {
  const { size, top, left } = resizedWhole(picture, input, fitting);
  const [height, width] = input;
  const rows = windows(interpolation, [picture.height, size[0]], [top, height]);
  const columns = windows(interpolation, [picture.width, size[1]], [left, width]);
  const levels = await picture.reduce({ kind: "filter", rows, columns });
  return floats([height, width, 3], Float32Array.from(levels));
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
