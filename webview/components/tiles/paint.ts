import { drawTile } from "../../common/raster.ts";
import type { Lut } from "../../common/colormaps.ts";
import type { TileSource } from "../../common/pages.ts";
import { CAPTION, tileOrigin, type TileLayout } from "../../common/tile-layout.ts";

export interface PaintOptions {
  readonly layout: TileLayout;
  readonly range: readonly [number, number];
  readonly scrollTop: number;
  readonly source: TileSource;
  readonly indexAt: (position: number) => number;
  readonly lut: Lut;
  readonly selected: number | null;
  readonly hovered: number | null;
  readonly dimmed: ReadonlyMap<number, string>;
  readonly caption: (index: number) => string;
  readonly colours: CSSStyleDeclaration;
  readonly dpr: number;
}

/** Draws the tiles of `range`; returns how many had their pixels. */
export function paint(canvas: HTMLCanvasElement, options: PaintOptions): number {
  const context = canvas.getContext("2d");
  if (!context) return 0;
  const { layout, dpr, colours } = options;
  const colour = (name: string): string => colours.getPropertyValue(name).trim() || "gray";
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  context.clearRect(0, 0, canvas.width / dpr, canvas.height / dpr);
  context.font = `11px ${colour("--cl-font")}`;
  context.textBaseline = "top";
  let drawn = 0;
  for (let position = options.range[0]; position < options.range[1]; position++) {
    const index = options.indexAt(position);
    const origin = tileOrigin(layout, position);
    const rect = {
      x: Math.round(origin.x * dpr) / dpr,
      y: Math.round((origin.y - options.scrollTop) * dpr) / dpr,
      width: layout.tileWidth,
      height: layout.tileHeight,
    };
    const place = options.source.tile(index);
    const badge = options.dimmed.get(index);
    context.globalAlpha = badge ? 0.4 : 1;
    if (place) {
      drawTile(context, place, options.lut, rect, rect.width * dpr < place.tiles.width);
      drawn++;
    } else {
      context.fillStyle = colour("--cl-hover");
      context.fillRect(rect.x, rect.y, rect.width, rect.height);
    }
    context.globalAlpha = 1;
    if (index === options.selected) {
      outline(context, rect, colour("--cl-focus"), 2);
    } else if (index === options.hovered) outline(context, rect, colour("--cl-muted"), 1);
    else if (badge) outline(context, rect, colour("--cl-line"), 1);
    context.fillStyle = colour(index === options.selected ? "--cl-strong" : "--cl-muted");
    const text = badge ? `${options.caption(index)} ${badge}` : options.caption(index);
    context.fillText(text, rect.x, rect.y + rect.height + 3, layout.pitchX - 4);
  }
  return drawn;
}

function outline(
  context: CanvasRenderingContext2D,
  rect: { x: number; y: number; width: number; height: number },
  colour: string,
  width: number,
): void {
  const away = width / 2 + 1;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(rect.x - away, rect.y - away, rect.width + 2 * away, rect.height + 2 * away);
}

/** Room that a caption of this many characters takes at 11 px. */
export const captionWidth = (characters: number): number => characters * 6.2 + CAPTION / 2;
