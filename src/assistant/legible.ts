import { encodePng } from "../pictures/index.ts";

/** Pixels of the shorter side, about. */
const LEGIBLE = 224;

/** RGB as a PNG. Inputs of 32 pixels would be a stamp: small ones are enlarged, pixel by pixel. */
export function legible(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const factor = Math.max(1, Math.round(LEGIBLE / Math.min(width, height)));
  const [w, h] = [width * factor, height * factor];
  const large = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const from = 3 * (Math.floor(y / factor) * width + Math.floor(x / factor));
      large.set(rgb.subarray(from, from + 3), 3 * (y * w + x));
    }
  return encodePng(large, w, h, 3);
}
