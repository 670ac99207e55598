/** Runs in the browser: the same tiles drawn by WebGL 2 and by a 2-D canvas. */
import type { Tiles } from "../../../src/shared/contract/lenses.ts";
import { colormap } from "../../../webview/common/drawing/colormaps.ts";
import { canvasPainter, type TilePainter } from "../../../webview/components/tiles/painter.ts";
import { sharedGl } from "../../../webview/components/tiles/webgl/context.ts";
import { WebGlPainter } from "../../../webview/components/tiles/webgl/painter.ts";

export interface Comparison {
  /** Largest difference of a colour, 0..255. */
  readonly largest: number;
  readonly mean: number;
  /** Different colours of the picture: 1 means that nothing was drawn. */
  readonly colours: number;
}

export interface Asked {
  readonly side: number;
  readonly shown: number;
  readonly channels: 1 | 3;
  readonly pages: number;
  readonly perPage: number;
}

const PER_PAGE = 16;

/** Smooth waves, so that a reduced tile is nearly the same however it is averaged. */
function page(first: number, side: number, channels: 1 | 3): Tiles {
  const pixels = new Uint8Array(PER_PAGE * side * side * channels).map((_, i) => {
    const at = Math.floor(i / channels);
    const [x, y] = [(at % side) / side, (Math.floor(at / side) % side) / side];
    const tile = first + Math.floor(at / (side * side));
    return 127 + 100 * Math.sin(5 * x + tile) * Math.cos(4 * y + (i % channels));
  });
  const size = { width: side, height: side, channels };
  return { ...size, first, count: PER_PAGE, total: 400, pixels, ranges: new Float32Array(32) };
}

/** `pages` pages of tiles of `side` values, `perPage` of each drawn `shown` pixels large, every third faint. */
function compare({ side, shown, channels, pages, perPage }: Asked): Comparison {
  const tiles = Array.from({ length: pages }, (_, i) => page(i * PER_PAGE, side, channels));
  const columns = 16;
  const stamps = tiles.flatMap((of, row) =>
    Array.from({ length: perPage }, (_, slot) => ({
      place: { tiles: of, slot },
      x: ((row * perPage + slot) % columns) * (shown + 3) + 1,
      y: Math.floor((row * perPage + slot) / columns) * (shown + 3) + 2,
      opacity: slot % 3 === 0 ? 0.4 : 1,
    })),
  );
  const draw = (painter: TilePainter): Uint8ClampedArray => {
    const canvas = document.createElement("canvas");
    canvas.width = columns * (shown + 3);
    canvas.height = Math.ceil(stamps.length / columns) * (shown + 3);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no 2-D canvas");
    context.fillStyle = "rgb(30 40 50)";
    context.fillRect(0, 0, canvas.width, canvas.height);
    const size = { width: shown, height: shown };
    // twice: the second time everything is on the card already
    if (!painter.draw(context, stamps, size, colormap("viridis"))) throw new Error("cannot draw");
    context.fillRect(0, 0, canvas.width, canvas.height);
    painter.draw(context, stamps, size, colormap("turbo"));
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const webgl = WebGlPainter.create(true);
  if (!webgl) throw new Error("no WebGL 2");
  const [a, b] = [draw(webgl), draw(canvasPainter)];
  webgl.dispose();
  const differences = a.map((value, i) => Math.abs(value - (b[i] ?? 0)));
  return {
    largest: differences.reduce((most, value) => Math.max(most, value), 0),
    mean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
    colours: new Set(new Uint32Array(a.buffer)).size,
  };
}

/** A painter whose context the browser took away refuses, so that the 2-D canvas draws. */
function refusesWhenLost(): boolean {
  const webgl = WebGlPainter.create(true);
  const context = document.createElement("canvas").getContext("2d");
  if (!webgl || !context) throw new Error("no WebGL 2");
  sharedGl(true)?.gl.getExtension("WEBGL_lose_context")?.loseContext();
  const stamps = [{ place: { tiles: page(0, 8, 1), slot: 0 }, x: 0, y: 0, opacity: 1 }];
  return !webgl.draw(context, stamps, { width: 8, height: 8 }, colormap("gray"));
}

Object.assign(globalThis, { compare, refusesWhenLost });
