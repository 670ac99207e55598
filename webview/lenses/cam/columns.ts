/** Narrower than this a heat map cannot be read: rather is the rest scrolled to. */
const LEAST = 210;
const GAP = 14;

/**
 * How many columns make `count` pictures largest in a room, in pixels; `aspect`: width / height of each; `words`: height of what stands
 * above and below it.
 */
export function columnsFor(
  count: number,
  room: { readonly width: number; readonly height: number },
  aspect: number,
  words: number,
): { readonly columns: number; readonly width: number } {
  const most = Math.max(1, Math.min(count, Math.floor((room.width + GAP) / (LEAST + GAP))));
  let best = { columns: most, width: 0 };
  for (let columns = 1; columns <= most; columns++) {
    const rows = Math.ceil(count / columns);
    const wide = (room.width - (columns - 1) * GAP) / columns;
    const high = ((room.height - (rows - 1) * GAP) / rows - words) * aspect;
    const width = Math.floor(Math.min(wide, high));
    if (width > best.width) best = { columns, width };
  }
  if (best.width >= LEAST) return best;
  return { columns: most, width: Math.floor((room.width - (most - 1) * GAP) / most) };
}
