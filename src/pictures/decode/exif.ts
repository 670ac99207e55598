import { viewOf, type DecodedPixels } from "./format.ts";

/** The EXIF orientation, 1..8; 1 (upright) where it is missing or damaged. */
export function exifOrientation(tiff: Uint8Array | null): number {
  if (!tiff) return 1;
  try {
    const view = viewOf(tiff);
    const little = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, little);
    const entries = view.getUint16(directory, little);
    for (let i = 0; i < entries; i++) {
      const entry = directory + 2 + 12 * i;
      if (view.getUint16(entry, little) !== 0x0112) continue;
      const value = view.getUint16(entry + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch (error) {
    // metadata is often damaged by editors: the pixels are still good
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

/** Turns stored pixels upright. */
export function upright(pixels: DecodedPixels, orientation: number): DecodedPixels {
  if (orientation === 1) return pixels;
  const { width, height } = pixels;
  const swapped = orientation >= 5;
  const [outWidth, outHeight] = swapped ? [height, width] : [width, height];
  // where upright pixel (x, y) lies in the file: mirrored columns, mirrored rows, after the swap of axes
  const mirrorX = [2, 3, 7, 8].includes(orientation);
  const mirrorY = [3, 4, 6, 7].includes(orientation);
  const from = new Uint32Array(pixels.rgba.slice().buffer);
  const to = new Uint32Array(from.length);
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++) {
      const [u, v] = swapped ? [y, x] : [x, y];
      const column = mirrorX ? width - 1 - u : u;
      const row = mirrorY ? height - 1 - v : v;
      to[y * outWidth + x] = from[row * width + column] ?? 0;
    }
  return {
    width: outWidth,
    height: outHeight,
    rgba: new Uint8Array(to.buffer),
    notes: [...pixels.notes, `turned upright (EXIF orientation ${orientation})`],
  };
}
