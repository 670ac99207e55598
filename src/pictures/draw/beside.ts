import { encodePng } from "../encode/png.ts";
import type { Sheet } from "./numbers.ts";

const GAP = 6;
/** Small panels are enlarged to about this many pixels. */
const LEAST_SIDE = 160;

/** Pictures beside each other on one, PNG, on white; of the height of the highest. */
export function beside(panels: readonly Sheet[]): Uint8Array {
  const longest = Math.max(...panels.map(({ width, height }) => Math.max(width, height)));
  const zoom = Math.max(1, Math.round(LEAST_SIDE / longest));
  const width = panels.reduce((sum, panel) => sum + panel.width * zoom + GAP, -GAP);
  const height = Math.max(...panels.map((panel) => panel.height)) * zoom;
  const rgb = new Uint8Array(width * height * 3).fill(255);
  let left = 0;
  for (const panel of panels) {
    for (let y = 0; y < panel.height * zoom; y++)
      for (let x = 0; x < panel.width * zoom; x++) {
        const from = (Math.floor(y / zoom) * panel.width + Math.floor(x / zoom)) * 3;
        rgb.set(panel.rgb.subarray(from, from + 3), (y * width + left + x) * 3);
      }
    left += panel.width * zoom + GAP;
  }
  return encodePng(rgb, width, height, 3);
}
