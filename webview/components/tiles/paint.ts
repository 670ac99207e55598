import {
  CAPTION,
  type Lut,
  type TileLayout,
  tileOrigin,
  type TileSource,
} from "../../common/drawing/index.ts";
import { canvasPainter, type Stamp, type TilePainter } from "./painter.ts";

/** What a grid looks like now; all lengths in CSS pixels. */
export interface PaintOptions {
  readonly painter: TilePainter;
  readonly layout: TileLayout;
  /** [first, end) of the positions that are seen. */
  readonly range: readonly [number, number];
  readonly scrollTop: number;
  readonly source: TileSource;
  /** Which of the source's tiles stands at a position. */
  readonly indexAt: (position: number) => number;
  readonly lut: Lut;
  /** Tiles by their index, null: none. */
  readonly selected: number | null;
  readonly hovered: number | null;
  /** Tiles drawn faintly, with the word behind their caption. */
  readonly dimmed: ReadonlyMap<number, string>;
  readonly caption: (index: number) => string;
  /** Where the palette (`--cl-*`) is read. */
  readonly colours: CSSStyleDeclaration;
  /** Device pixels in a CSS pixel. */
  readonly dpr: number;
}

/** Draws the tiles of `range`; returns how many had their pixels. */
export function paint(canvas: HTMLCanvasElement, options: PaintOptions): number {
  const context = canvas.getContext("2d");
  if (!context) return 0;
  const { layout, dpr, colours } = options;
  const colour = colourOf(colours);
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  context.clearRect(0, 0, canvas.width / dpr, canvas.height / dpr);
  context.font = `11px ${colour("--cl-font")}`;
  context.textBaseline = "top";
  const stamps: Stamp[] = [];
  const seen = visible(options);
  context.fillStyle = colour("--cl-hover");
  for (const { index, rect } of seen) {
    const place = options.source.tile(index);
    if (!place) context.fillRect(rect.x, rect.y, rect.width, rect.height);
    else {
      const opacity = options.dimmed.has(index) ? 0.4 : 1;
      stamps.push({ place, opacity, x: rect.x * dpr, y: rect.y * dpr });
    }
  }
  const size = { width: layout.tileWidth * dpr, height: layout.tileHeight * dpr };
  if (!options.painter.draw(context, stamps, size, options.lut))
    canvasPainter.draw(context, stamps, size, options.lut);
  for (const { index, rect } of seen) annotate(context, index, rect, options, colour);
  return stamps.length;
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
type Colour = (name: string) => string;

/** Reading a style is slow; a colour is asked for by every tile. */
function colourOf(colours: CSSStyleDeclaration): Colour {
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name) ?? (colours.getPropertyValue(name).trim() || "gray");
    known.set(name, found);
    return found;
  };
}

/** The tiles of `range` and where they lie in the window, on whole pixels of the device. */
function visible(options: PaintOptions): { index: number; rect: Rect }[] {
  const { layout, range, dpr, scrollTop } = options;
  return Array.from({ length: range[1] - range[0] }, (_, i) => {
    const origin = tileOrigin(layout, range[0] + i);
    const rect = {
      x: Math.round(origin.x * dpr) / dpr,
      y: Math.round((origin.y - scrollTop) * dpr) / dpr,
      width: layout.tileWidth,
      height: layout.tileHeight,
    };
    return { index: options.indexAt(range[0] + i), rect };
  });
}

/** The frame of a tile and its words. */
function annotate(
  context: CanvasRenderingContext2D,
  index: number,
  rect: Rect,
  options: PaintOptions,
  colour: Colour,
): void {
  const badge = options.dimmed.get(index);
  if (index === options.selected) outline(context, rect, colour("--cl-focus"), 2);
  else if (index === options.hovered) outline(context, rect, colour("--cl-muted"), 1);
  else if (badge) outline(context, rect, colour("--cl-line"), 1);
  context.fillStyle = colour(index === options.selected ? "--cl-strong" : "--cl-muted");
  const text = badge ? `${options.caption(index)} ${badge}` : options.caption(index);
  context.fillText(text, rect.x, rect.y + rect.height + 3, options.layout.pitchX - 4);
}

function outline(
  context: CanvasRenderingContext2D,
  rect: Rect,
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
