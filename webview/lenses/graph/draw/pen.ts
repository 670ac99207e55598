/** What a graph is drawn with: a canvas on the screen, or the text of an SVG file. Colours are names of the palette (`fg` is `--cl-fg`). */
import type { Rect } from "../view.ts";

export interface Ink {
  readonly fill?: string;
  readonly stroke?: string;
  /** Of the line, 1 where it is left out. */
  readonly width?: number;
  readonly dash?: number;
  /** Of corners. */
  readonly radius?: number;
  readonly opacity?: number;
}
export interface Words {
  readonly colour: string;
  readonly size: number;
  readonly bold?: boolean;
  /** What is longer is cut: its end, or its beginning (the end of a path says most). */
  readonly most: number;
  readonly cut?: "end" | "start";
  readonly opacity?: number;
}

export interface Pen {
  rect(box: Rect, ink: Ink): void;
  /** Many alike, with sharp corners: quickly. */
  rects(all: readonly Rect[], ink: Ink): void;
  /** A smooth line through points (x and y one after the other), with a head at its end where `arrow` is its size. */
  line(points: readonly number[], ink: Ink & { readonly arrow?: number }): void;
  /** Many lines alike, straight from point to point: quickly. */
  lines(all: readonly (readonly number[])[], ink: Ink): void;
  /** Written from x to the right, in the middle of y. */
  words(text: string, x: number, y: number, words: Words): void;
  picture(picture: OffscreenCanvas, box: Rect): void;
}

/** The points of a smooth line: it begins and ends in a straight one, and bends at those in between. */
export function curve(points: readonly number[]): {
  readonly start: readonly [number, number];
  /** Control point and end of each bend. */
  readonly bends: readonly (readonly [cx: number, cy: number, x: number, y: number])[];
  readonly end: readonly [number, number];
} {
  const [x0 = 0, y0 = 0] = points;
  const bends: (readonly [number, number, number, number])[] = [];
  for (let i = 2; i < points.length - 2; i += 2) {
    const [cx = 0, cy = 0, nx = 0, ny = 0] = points.slice(i, i + 4);
    const isLast = i === points.length - 4;
    bends.push([cx, cy, isLast ? nx : (cx + nx) / 2, isLast ? ny : (cy + ny) / 2]);
  }
  const [x = 0, y = 0] = points.slice(-2);
  return { start: [x0, y0], bends, end: [x, y] };
}

/** The text, or as much of it as is at most `most` wide by `measure`, with an ellipsis in place of the rest. */
export function cutTo(
  text: string,
  { most, cut = "end" }: Pick<Words, "most" | "cut">,
  measure: (text: string) => number,
): string {
  if (measure(text) <= most) return text;
  const part = (length: number): string =>
    cut === "end" ? `${text.slice(0, length)}…` : `…${text.slice(text.length - length)}`;
  let [fits, not] = [0, text.length];
  while (not - fits > 1) {
    const middle = (fits + not) >> 1;
    if (measure(part(middle)) <= most) fits = middle;
    else not = middle;
  }
  return fits === 0 ? "" : part(fits);
}
