import type { Line } from "../layout/types.ts";
import { meet, type Rect } from "../view.ts";
import { drawFar, drawFrames } from "./far.ts";
import { drawFrame, drawNode } from "./node.ts";
import type { Pen } from "./pen.ts";
import type { Scene } from "./types.ts";
import { drawLine } from "./wire.ts";

/** Smaller than this nothing on a node can be read: only its colour is drawn. */
const LEGIBLE = 0.34;
const WORDS_ON_LINES = 0.62;

/** Draws what lies in `seen`, a part of the drawing; `scale`: pixels of the screen for one of the drawing. */
export function drawScene(pen: Pen, scene: Scene, seen: Rect, scale: number): void {
  const { lines } = scene.drawing;
  const legible = scale >= LEGIBLE;
  const boxes = scene.drawing.boxes.filter((box) => meet(box, seen));
  const frames = boxes.filter(({ open }) => open);
  if (legible) for (const box of frames) drawFrame(pen, box, scene);
  else drawFrames(pen, frames, scene);
  const chosen = scene.selected ?? scene.hovered;
  const isChosen = ({ from, to }: Line): boolean => from === chosen || to === chosen;
  const shown = lines.filter((line) => meet(around(line), seen));
  const words = scale >= WORDS_ON_LINES;
  const others = shown.filter((line) => !isChosen(line));
  if (legible) for (const line of others) drawLine(pen, line, scene, false, words);
  else
    pen.lines(
      others.map(({ points }) => points),
      { stroke: "muted", width: 1 / scale, opacity: 0.6 },
    );
  for (const line of shown) if (isChosen(line)) drawLine(pen, line, scene, true, words);
  const nodes = boxes.filter(({ open }) => !open);
  if (legible) for (const box of nodes) drawNode(pen, box, scene);
  else drawFar(pen, nodes, scene);
}

const bounds = new WeakMap<Line, Rect>();

/** What a line covers, its words with it. */
function around(line: Line): Rect {
  const known = bounds.get(line);
  if (known) return known;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  line.points.forEach((value, i) => {
    if (i % 2 === 0) [left, right] = [Math.min(left, value), Math.max(right, value)];
    else [top, bottom] = [Math.min(top, value), Math.max(bottom, value)];
  });
  const room = 90;
  const made = { x: left - 8, y: top, width: right - left + room, height: bottom - top + 1 };
  bounds.set(line, made);
  return made;
}
