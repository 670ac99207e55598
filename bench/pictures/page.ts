/** Runs in the browser: a grid of tiles that are all there, drawn and scrolled. `run` is called by run.mjs. */
import "../../webview/components/tiles/tiles.ts";
import type { ConvlensTiles } from "../../webview/components/tiles/tiles.ts";
import type { Tiles } from "../../src/shared/contract/lenses.ts";
import type { TileSource } from "../../webview/common/drawing/tile-pages.ts";
import { canvasPainter } from "../../webview/components/tiles/painter.ts";
import { WebGlPainter } from "../../webview/components/tiles/webgl/painter.ts";
import { colormap } from "../../webview/common/drawing/colormaps.ts";

export interface PictureCosts {
  readonly painter: string;
  /** Milliseconds from the moment the data is there until the frame that shows it. */
  readonly firstPaint: number;
  /** The same after another colour map was chosen. */
  readonly recolour: number;
  readonly framesPerSecond: number;
  /** Milliseconds between frames that 95 % stay below. */
  readonly frame95: number;
}

const PAGE = 256;

/** `count` tiles of size x size values each, in pages as they come from the compute process. */
function tilesOf(count: number, size: number): TileSource {
  const pages = Array.from({ length: Math.ceil(count / PAGE) }, (_, page): Tiles => {
    const first = page * PAGE;
    const here = Math.min(PAGE, count - first);
    const pixels = new Uint8Array(here * size * size).map((_, i) => (i * 37 + page * 11) % 256);
    const ranges = new Float32Array(here * 2);
    return {
      width: size,
      height: size,
      channels: 1,
      first,
      count: here,
      total: count,
      pixels,
      ranges,
    };
  });
  return {
    total: count,
    tile: (index) => {
      const tiles = pages[Math.floor(index / PAGE)];
      return tiles ? { tiles, slot: index - tiles.first } : null;
    },
    need: () => undefined,
  };
}

/** Resolves once the next frame is on the screen. */
const nextFrame = (): Promise<number> =>
  new Promise((resolve) => requestAnimationFrame((time) => setTimeout(resolve, 0, time)));

async function painted(grid: ConvlensTiles, change: () => void): Promise<number> {
  const done = new Promise((resolve) => {
    grid.addEventListener("tile-painted", resolve, { once: true });
  });
  const start = performance.now();
  change();
  await done;
  await nextFrame();
  return performance.now() - start;
}

interface Asked {
  readonly tiles: number;
  readonly side: number;
  /** Drawn by WebGL 2, in software where there is no graphics card; otherwise by a 2-D canvas. */
  readonly webgl: boolean;
  readonly seconds: number;
}

async function run({ tiles, side, webgl, seconds }: Asked): Promise<PictureCosts> {
  const grid = document.createElement("convlens-tiles");
  grid.painter = webgl ? WebGlPainter.create(true) : canvasPainter;
  Object.assign(grid, { nativeWidth: side, nativeHeight: side, size: 40 });
  document.body.replaceChildren(grid);
  await grid.updateComplete;
  await nextFrame();
  const source = tilesOf(tiles, side);
  const firstPaint = await painted(grid, () => {
    grid.source = source;
  });
  const recolour = await painted(grid, () => {
    grid.lut = colormap("turbo");
  });
  const viewport = grid.shadowRoot?.querySelector(".viewport");
  if (!viewport) throw new Error("no viewport");
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let down = true; performance.now() < end;) {
    const before = viewport.scrollTop;
    viewport.scrollTop += down ? 23 : -23;
    if (viewport.scrollTop === before) down = !down;
    times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
  }
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const sorted = steps.toSorted((a, b) => a - b);
  return {
    painter: grid.painter?.name ?? "none",
    firstPaint,
    recolour,
    framesPerSecond: (1000 * steps.length) / steps.reduce((sum, step) => sum + step, 0),
    frame95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
  };
}

Object.assign(globalThis, { run });
