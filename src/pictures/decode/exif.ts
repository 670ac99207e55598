import { viewOf } from "./format.ts";

/** The orientation in a TIFF block with the camera's metadata (EXIF), 1..8; 1 (upright) where it is missing or damaged. */
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
