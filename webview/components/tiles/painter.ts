import { drawTile, type Lut, type TilePlace } from "../../common/drawing/index.ts";

/** A tile and where it goes, in pixels of the canvas. */
export interface Stamp {
  readonly place: TilePlace;
  readonly x: number;
  readonly y: number;
  readonly opacity: number;
}

/** Draws the pixels of tiles; what is around them (captions, frames) is drawn by paint.ts. */
export interface TilePainter {
  readonly name: string;
  /** All tiles are of one kind and are drawn `size` pixels large. False: it cannot draw any more. */
  draw(
    target: CanvasRenderingContext2D,
    stamps: readonly Stamp[],
    size: { readonly width: number; readonly height: number },
    lut: Lut,
  ): boolean;
  dispose(): void;
}

/** What every browser has. */
export const canvasPainter: TilePainter = {
  name: "2-D canvas",
  draw(target, stamps, { width, height }, lut) {
    target.save();
    target.resetTransform();
    for (const { place, x, y, opacity } of stamps) {
      target.globalAlpha = opacity;
      drawTile(target, place, lut, { x, y, width, height }, width < place.tiles.width);
    }
    target.restore();
    return true;
  },
  dispose: () => undefined,
};
