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

/** The scroll position that brings a row into view: the next row with the least movement, a far one to the middle. */
export function scrollToRow(
  scrollTop: number,
  height: number,
  rowHeight: number,
  row: number,
): number {
  const top = row * rowHeight;
  const bottom = top + rowHeight;
  if (top >= scrollTop && bottom <= scrollTop + height) return scrollTop;
  const isNear = bottom >= scrollTop - rowHeight && top <= scrollTop + height + rowHeight;
  if (!isNear) return Math.max(0, top - (height - rowHeight) / 2);
  return top < scrollTop ? top : bottom - height;
}
