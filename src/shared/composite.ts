/** A, B and B - A of one filter or map as one tile of colours. */
import type { Lut } from "./colormaps.ts";
import type { ComparedTiles } from "./contract/compare.ts";
import type { Tiles } from "./contract/lenses.ts";

/** Small kernels are enlarged first, so that the gaps between them stay thin. */
const LEAST_SIDE = 24;

/** Colours of a composite: 256-entry tables for its parts, and the gap's RGB, 0..255. */
export interface Looks {
  /** Of A and B, and of the difference. */
  readonly values: Lut;
  readonly difference: Lut;
  readonly gap: readonly [number, number, number];
}
/** Where the parts of a composite tile lie, side by side; lengths in its pixels. */
export interface Layout {
  /** Whole factor by which the parts are enlarged. */
  readonly zoom: number;
  readonly gap: number;
  /** Of one of the parts, and of the whole tile. */
  readonly part: number;
  readonly width: number;
  readonly height: number;
  /** 3 with the difference, 2 without. */
  readonly parts: number;
}

type Parts = Pick<ComparedTiles, "a" | "b" | "difference" | "indices" | "total">;

/** A, B and, where there is one, B - A; parts smaller than 24 pixels grow to about that. */
export function layoutOf({ a, b, difference }: Parts): Layout {
  const side = Math.max(a.width, a.height, b.width, b.height);
  const zoom = Math.max(1, Math.round(LEAST_SIDE / side));
  const part = Math.max(a.width, b.width) * zoom;
  const gap = Math.max(2, Math.round(part / 14));
  const parts = difference ? 3 : 2;
  const height = Math.max(a.height, b.height) * zoom;
  return { zoom, gap, part, parts, height, width: parts * part + (parts - 1) * gap };
}

/** The tiles of a page, [count, height, width, 3]. */
export function composite(page: Parts, first: number, looks: Looks): Tiles {
  const layout = layoutOf(page);
  const { width, height, part, gap, zoom } = layout;
  const count = page.indices.length;
  const pixels = new Uint8Array(count * width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = looks.gap[i % 3] ?? 0;
  const sides = [page.a, page.b, ...(page.difference ? [page.difference] : [])];
  for (const [place, tiles] of sides.entries()) {
    const lut = place === 2 ? looks.difference : looks.values;
    const left = place * (part + gap);
    for (let tile = 0; tile < count; tile++)
      for (let y = 0; y < tiles.height * zoom; y++)
        for (let x = 0; x < tiles.width * zoom; x++) {
          const cell = Math.floor(y / zoom) * tiles.width + Math.floor(x / zoom);
          const from = (tile * tiles.width * tiles.height + cell) * tiles.channels;
          const to = ((tile * height + y) * width + left + x) * 3;
          for (let k = 0; k < 3; k++)
            pixels[to + k] =
              tiles.channels === 3
                ? (tiles.pixels[from + k] ?? 0)
                : (lut[3 * (tiles.pixels[from] ?? 0) + k] ?? 0);
        }
  }
  const ranges = new Float32Array(2 * count);
  return { count, first, total: page.total, width, height, channels: 3, pixels, ranges };
}

/** Which part of a composite tile a place (0..1) is in, and where in the part; null in a gap. */
export function partAt(
  layout: Layout,
  u: number,
  v: number,
): { part: 0 | 1 | 2; u: number; v: number } | null {
  const x = u * layout.width;
  const part = Math.floor(x / (layout.part + layout.gap));
  const within = (x - part * (layout.part + layout.gap)) / layout.part;
  if (within >= 1 || part < 0 || part > 2) return null;
  return { part: part as 0 | 1 | 2, u: within, v };
}
