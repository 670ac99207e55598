/** From 8-bit results to canvases and files. Canvases are cached with the arrays they were drawn from. */
import type { Picture, Tiles } from "../../../src/shared/contract/lenses.ts";
import type { TilePlace } from "./tile-pages.ts";
import { colormap, toRgba, type Lut } from "./colormaps.ts";
import { t } from "../text/l10n.ts";

interface Atlas {
  readonly lut: Lut;
  readonly canvas: OffscreenCanvas;
  readonly columns: number;
  /** Of one tile on it. */
  readonly width: number;
  readonly height: number;
}
/** A map of 8-bit values, [height, width], row-major, looked up in a colour map. */
export interface MapPixels {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** How many cells are drawn, from the first; left out: all. */
  readonly drawn?: number;
}
const atlases = new WeakMap<Tiles, Atlas>();
const pictures = new WeakMap<Picture, OffscreenCanvas>();

/** Draws one tile into `rect` of a canvas, in its pixels; `smooth` ones are reduced once, and then copied. */
export function drawTile(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  place: TilePlace,
  lut: Lut,
  rect: { x: number; y: number; width: number; height: number },
  smooth: boolean,
): void {
  const size = smooth
    ? { width: Math.max(1, Math.round(rect.width)), height: Math.max(1, Math.round(rect.height)) }
    : place.tiles;
  const { canvas, columns, width, height } = atlasOf(place.tiles, lut, size);
  const x = (place.slot % columns) * width;
  const y = Math.floor(place.slot / columns) * height;
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, x, y, width, height, rect.x, rect.y, rect.width, rect.height);
}

function atlasOf(tiles: Tiles, lut: Lut, size: { width: number; height: number }): Atlas {
  const known = atlases.get(tiles);
  if (known?.lut === lut && known.width === size.width && known.height === size.height)
    return known;
  const columns = Math.max(1, Math.min(tiles.count, Math.floor(4096 / tiles.width)));
  const full = fullSize(tiles, lut, columns);
  const canvas = size.width === tiles.width ? full : reduced(full, tiles, size, columns);
  const atlas = { lut, canvas, columns, width: size.width, height: size.height };
  atlases.set(tiles, atlas);
  return atlas;
}

function fullSize(tiles: Tiles, lut: Lut, columns: number): OffscreenCanvas {
  const { width, height, channels, count, pixels } = tiles;
  const canvas = new OffscreenCanvas(columns * width, Math.ceil(count / columns) * height);
  const context = canvas.getContext("2d");
  for (let slot = 0; slot < count; slot++) {
    const rgba = toRgba(pixels, slot * width * height * channels, width * height, channels, lut);
    context?.putImageData(
      new ImageData(rgba, width, height),
      (slot % columns) * width,
      Math.floor(slot / columns) * height,
    );
  }
  return canvas;
}

/** Tile by tile, so that none gets colours of its neighbours. */
function reduced(
  full: OffscreenCanvas,
  { width, height, count }: Tiles,
  size: { width: number; height: number },
  columns: number,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(
    columns * size.width,
    Math.ceil(count / columns) * size.height,
  );
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.imageSmoothingQuality = "high";
  for (let slot = 0; slot < count; slot++) {
    const [column, row] = [slot % columns, Math.floor(slot / columns)];
    const to = [column * size.width, row * size.height] as const;
    const from = [column * width, row * height] as const;
    context.drawImage(full, ...from, width, height, ...to, size.width, size.height);
  }
  return canvas;
}

/** A picture on a canvas of its own size, drawn once for each picture. */
export function canvasOf(picture: Picture): OffscreenCanvas {
  const known = pictures.get(picture);
  if (known) return known;
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const rgba = new Uint8ClampedArray(picture.rgba);
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, picture.width, picture.height), 0, 0);
  pictures.set(picture, canvas);
  return canvas;
}

/** Draws a picture onto a canvas, as large as it is. */
export function showPicture(canvas: HTMLCanvasElement, picture: Picture): void {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.drawImage(canvasOf(picture), 0, 0);
}

/** Draws a tile onto a canvas, as large as it is; one channel in gray. */
export function showTile(canvas: HTMLCanvasElement, place: TilePlace): void {
  const { width, height } = place.tiles;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context) drawTile(context, place, colormap("gray"), { x: 0, y: 0, width, height }, false);
}

/** One channel of 8-bit values as a canvas of its own size; after `drawn` of them it is empty. */
export function canvasOfMap(
  { pixels, width, height, drawn = width * height }: MapPixels,
  lut: Lut,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const rgba = toRgba(pixels, 0, width * height, 1, lut).fill(0, 4 * drawn);
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}

/** A canvas' pixels as a PNG file; throws a sentence where the browser cannot encode it. */
export async function pngOf(canvas: HTMLCanvasElement | OffscreenCanvas): Promise<Uint8Array> {
  const blob =
    canvas instanceof OffscreenCanvas
      ? await canvas.convertToBlob({ type: "image/png" })
      : await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error(t("The picture could not be encoded."));
  return new Uint8Array(await blob.arrayBuffer());
}

/** The same of a canvas that may not be there yet: null then. */
export const pngOrNull = async (canvas: HTMLCanvasElement | null): Promise<Uint8Array | null> =>
  canvas && pngOf(canvas);

/** JSON with typed arrays as plain lists. */
export function jsonOf(value: unknown): Uint8Array {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    ArrayBuffer.isView(item) ? Array.from(item as Float32Array) : item,
  );
  return new TextEncoder().encode(text);
}
