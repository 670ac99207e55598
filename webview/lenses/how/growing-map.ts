/** A feature map as far as a kernel has come. */
import type { Cell } from "../../../src/shared/contract/intent.ts";
import type { MapValues } from "../../../src/shared/contract/lenses.ts";
import type { MapPixels } from "../../common/drawing/index.ts";

/** From the map's least to its largest value as 0..255; cells after `until` are left out, null: none is. */
export function mapPixels(
  { values, shape: [height, width] }: MapValues,
  until: Cell | null,
): MapPixels {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const scale = high > low ? 255 / (high - low) : 0;
  const pixels = Uint8Array.from(values, (value) => Math.round((value - low) * scale));
  const drawn = until === null ? pixels.length : until.y * width + until.x + 1;
  return { pixels, width, height, drawn };
}
