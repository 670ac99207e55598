import type { Frame } from "playwright-core";
import { tileOrigin, type TileLayout } from "../../../webview/common/tile-layout.ts";
import { pixels } from "./webview.ts";

/** The colours [r, g, b] of the cells of one tile of a grid, row after row, as they are on the screen. */
export async function tileColours(
  frame: Frame,
  grid: string,
  position: number,
  rows: number,
  columns: number,
): Promise<readonly (readonly number[])[]> {
  const layout = await frame
    .locator(grid)
    .first()
    .evaluate((element) => (element as HTMLElement & { layout: TileLayout }).layout);
  const { width, data } = await pixels(frame, `${grid} canvas`);
  const origin = tileOrigin(layout, position);
  return Array.from({ length: rows * columns }, (_, cell) => {
    const x = origin.x + (((cell % columns) + 0.5) * layout.tileWidth) / columns;
    const y = origin.y + ((Math.floor(cell / columns) + 0.5) * layout.tileHeight) / rows;
    const at = (Math.floor(y) * width + Math.floor(x)) * 4;
    return data.slice(at, at + 3);
  });
}
