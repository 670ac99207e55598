import { encode } from "fast-png";

/** Encodes 8-bit pixels, [height, width, channels] row-major, as PNG: 1 gray, 3 RGB, 4 RGBA. */
export function encodePng(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
): Uint8Array {
  if (pixels.length !== width * height * channels)
    throw new RangeError(`${pixels.length} bytes do not fill ${width} x ${height} x ${channels}`);
  return encode({ width, height, data: pixels, channels, depth: 8 });
}
