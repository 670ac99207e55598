import { pngOf } from "../../common/drawing/index.ts";

const GAP = 8;

/** Canvases beside each other on one picture, PNG; of the height of the highest. */
export async function sheetOf(canvases: readonly HTMLCanvasElement[]): Promise<Uint8Array | null> {
  if (canvases.length === 0) return null;
  const height = Math.max(...canvases.map((canvas) => canvas.height));
  const width = canvases.reduce((sum, canvas) => sum + canvas.width + GAP, -GAP);
  const sheet = new OffscreenCanvas(width, height);
  const context = sheet.getContext("2d");
  let left = 0;
  for (const canvas of canvases) {
    context?.drawImage(canvas, left, 0);
    left += canvas.width + GAP;
  }
  return pngOf(sheet);
}
