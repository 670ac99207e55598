/** Where equal tiles lie in a scrolled grid. All lengths in CSS pixels; positions count from 0, row by row. */
export interface TileLayout {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Distance between the left (top) edges of neighbours. */
  readonly pitchX: number;
  readonly pitchY: number;
  readonly left: number;
  readonly top: number;
  /** Height of the whole grid. */
  readonly height: number;
}

/** CSS pixels between neighbouring tiles. */
export const GAP = 8;
/** CSS pixels for the line of words below each tile. */
export const CAPTION = 15;
const MARGIN = 12;

/**
 * Enlarges by whole device pixels, so that every pixel of a tile has the same size on the screen; maps larger than
 * `size` are reduced to it.
 */
export function displaySize(native: number, other: number, size: number, dpr: number): number {
  const longest = Math.max(native, other);
  const factor = (size * dpr) / longest;
  return (native * (factor >= 1 ? Math.max(1, Math.floor(factor)) : factor)) / dpr;
}

/** As many columns as fit into `width`, at least one, and `minPitch` apart where that is given. */
export function layoutTiles(options: {
  readonly width: number;
  readonly count: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly minPitch?: number;
}): TileLayout {
  const { width, count, tileWidth, tileHeight } = options;
  const pitchX = Math.max(tileWidth + GAP, options.minPitch ?? 0);
  const pitchY = tileHeight + GAP + CAPTION;
  const columns = Math.max(1, Math.floor((width - 2 * MARGIN + GAP) / pitchX));
  const rows = Math.ceil(count / columns);
  return {
    count,
    columns,
    rows,
    tileWidth,
    tileHeight,
    pitchX,
    pitchY,
    left: MARGIN,
    top: MARGIN,
    height: rows * pitchY + 2 * MARGIN - GAP,
  };
}

/** The upper left corner of the tile at a position, from that of the grid. */
export function tileOrigin(layout: TileLayout, position: number): { x: number; y: number } {
  return {
    x: layout.left + (position % layout.columns) * layout.pitchX,
    y: layout.top + Math.floor(position / layout.columns) * layout.pitchY,
  };
}

/** The largest size, in steps of 4 from `most` down to `least`, at which the whole grid is within `height`. */
export function fittingSize(
  layoutOf: (size: number) => TileLayout,
  height: number,
  least: number,
  most: number,
): number {
  for (let size = most; size > least; size -= 4) if (layoutOf(size).height <= height) return size;
  return least;
}

/** [first, end) of the positions that a window of the grid shows, whole rows. */
export function visibleTiles(
  layout: TileLayout,
  scrollTop: number,
  height: number,
): readonly [number, number] {
  const firstRow = Math.max(0, Math.floor((scrollTop - layout.top) / layout.pitchY));
  const endRow = Math.max(firstRow, Math.ceil((scrollTop + height - layout.top) / layout.pitchY));
  return [
    Math.min(layout.count, firstRow * layout.columns),
    Math.min(layout.count, endRow * layout.columns),
  ];
}

/** The tile under a point of the grid and the place in it, u to the right and v down, 0..1. */
export function tileAt(
  layout: TileLayout,
  x: number,
  y: number,
): { position: number; u: number; v: number } | null {
  const column = Math.floor((x - layout.left) / layout.pitchX);
  const row = Math.floor((y - layout.top) / layout.pitchY);
  if (column < 0 || column >= layout.columns || row < 0) return null;
  const position = row * layout.columns + column;
  const u = (x - layout.left - column * layout.pitchX) / layout.tileWidth;
  const v = (y - layout.top - row * layout.pitchY) / layout.tileHeight;
  return position < layout.count && u < 1 && v < 1 ? { position, u, v } : null;
}

/** Where a key leads from a position; the position itself for other keys. */
export function moveByKey(
  key: string,
  position: number,
  count: number,
  columns = 1,
  pageRows = 10,
): number {
  const steps: Record<string, number> = {
    ArrowRight: columns > 1 ? 1 : 0,
    ArrowLeft: columns > 1 ? -1 : 0,
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: columns * pageRows,
    PageUp: -columns * pageRows,
    Home: -count,
    End: count,
  };
  const target = position + (steps[key] ?? 0);
  // an arrow that would leave the grid stays; the others go as far as they can
  if (key.startsWith("Arrow") && (target < 0 || target >= count)) return position;
  return Math.min(count - 1, Math.max(0, target));
}
