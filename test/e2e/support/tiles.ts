import type { Frame } from "playwright-core";
import { tileOrigin, type TileLayout } from "../../../webview/common/drawing/tile-layout.ts";
import { coloursAt } from "./webview.ts";

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
  const origin = tileOrigin(layout, position);
  const centres = Array.from({ length: rows * columns }, (_, cell) => ({
    x: Math.floor(origin.x + (((cell % columns) + 0.5) * layout.tileWidth) / columns),
    y: Math.floor(origin.y + ((Math.floor(cell / columns) + 0.5) * layout.tileHeight) / rows),
  }));
  const colours = await coloursAt(frame, `${grid} canvas`, centres);
  return colours.map((colour) => colour.slice(0, 3));
}
