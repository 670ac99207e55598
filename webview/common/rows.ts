/** Which rows of equal height a scrolled window shows, with a few to spare on both sides. */
export function visibleRows(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
  spare = 6,
): readonly [number, number] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return [Math.min(first, Math.max(0, count - 1)), end];
}

/** The scroll position that brings a row into view with the least movement. */
export function scrollToRow(
  scrollTop: number,
  height: number,
  rowHeight: number,
  row: number,
): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}
