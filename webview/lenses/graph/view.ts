/** Which part of a drawing is seen: `x` and `y` of the drawing lie in the upper left corner, a pixel of it is `scale` pixels of the screen. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

const MOST = 2.5;
const MARGIN = 16;
/** Smaller, and nothing on a node can be read: a drawing that does not fit begins at its top. */
const LEGIBLE = 0.62;
const LARGEST_FIT = 1.15;

/** All of the drawing, in the middle of the window. */
export function fitted(drawing: Size, window: Size): View {
  const scale = Math.min(
    LARGEST_FIT,
    (window.width - 2 * MARGIN) / Math.max(1, drawing.width),
    (window.height - 2 * MARGIN) / Math.max(1, drawing.height),
  );
  return centred(drawing, window, Math.max(1e-3, scale));
}

/** What is seen first: all of it where that can be read, else its top as large as can be. */
export function firstView(drawing: Size, window: Size): View {
  const all = fitted(drawing, window);
  if (all.scale >= LEGIBLE) return all;
  const wide = (window.width - 2 * MARGIN) / Math.max(1, drawing.width);
  const scale = Math.min(1, Math.max(LEGIBLE, Math.min(wide, 1)));
  return { ...centred(drawing, window, scale), y: -MARGIN / scale };
}

function centred(drawing: Size, window: Size, scale: number): View {
  return {
    x: (drawing.width - window.width / scale) / 2,
    y: (drawing.height - window.height / scale) / 2,
    scale,
  };
}

/** The same view `by` times as large; the point of the drawing under (x, y) of the window stays there. */
export function zoomed(view: View, by: number, at: { x: number; y: number }, least: number): View {
  const scale = Math.min(MOST, Math.max(Math.min(least, view.scale), view.scale * by));
  return {
    x: view.x + at.x / view.scale - at.x / scale,
    y: view.y + at.y / view.scale - at.y / scale,
    scale,
  };
}

/** Moved by pixels of the screen, never so far that the drawing is lost: a part of it stays in the window. */
export function moved(view: View, dx: number, dy: number, drawing: Size, window: Size): View {
  const keep = 60 / view.scale;
  const clamp = (value: number, size: number, seen: number): number =>
    Math.min(size - keep, Math.max(keep - seen, value));
  return {
    x: clamp(view.x + dx / view.scale, drawing.width, window.width / view.scale),
    y: clamp(view.y + dy / view.scale, drawing.height, window.height / view.scale),
    scale: view.scale,
  };
}

/** The view moved as little as shows a box with some room around it; as it is where the box is seen. */
export function revealed(view: View, box: Rect, window: Size): View {
  const axis = (start: number, seen: number, from: number, size: number): number => {
    const room = Math.min(40 / view.scale, Math.max(0, (seen - size) / 2));
    if (size > seen || from < start + room) return from - room;
    return from + size > start + seen - room ? from + size + room - seen : start;
  };
  return {
    x: axis(view.x, window.width / view.scale, box.x, box.width),
    y: axis(view.y, window.height / view.scale, box.y, box.height),
    scale: view.scale,
  };
}

/** The part of the drawing that is seen. */
export const seenRect = (view: View, window: Size): Rect => ({
  ...{ x: view.x, y: view.y },
  ...{ width: window.width / view.scale, height: window.height / view.scale },
});

/** Whether two rectangles have a point in common. */
export const meet = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Whether a point lies in a rectangle. */
export const holds = (box: Rect, x: number, y: number): boolean =>
  x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
