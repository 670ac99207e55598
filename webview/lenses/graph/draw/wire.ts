import type { Line } from "../layout/types.ts";
import type { Pen } from "./pen.ts";
import type { Scene } from "./types.ts";

/** Points of a line that leads past other items: it bends around them. */
const POINTS_OF_A_SKIP = 4;
const THIN = 1.3;
const THICKEST = 9;

/** A line, what flows along it in words where there is room, and in another colour what skips others. */
export function drawLine(
  pen: Pen,
  line: Line,
  scene: Pick<Scene, "weight" | "words" | "leaves">,
  chosen: boolean,
  words: boolean,
): void {
  const { points } = line;
  const isSkip = points.length / 2 >= POINTS_OF_A_SKIP;
  const weight = scene.weight(line);
  const stroke = chosen ? "focus" : isSkip ? "purple" : "muted";
  const width = weight === null ? THIN : 0.6 + weight * THICKEST;
  pen.line(points, {
    stroke,
    width: chosen ? width + 0.8 : width,
    opacity: chosen || isSkip ? 0.95 : 0.75,
    // a line to the border of its block goes on below it
    ...(!scene.leaves(line) && { arrow: 5 + width * 0.8 }),
  });
  const shape = words ? scene.words.get(line) : undefined;
  if (shape === undefined) return;
  const [x, y] = besideOf(points);
  pen.words(shape, x + 5 + width / 2, y, { colour: "muted", size: 10, most: 84 });
}

/** Where words stand: near the beginning of a line, before it bends. */
function besideOf(points: readonly number[]): readonly [number, number] {
  const [x0 = 0, y0 = 0, x1 = x0, y1 = y0] = points;
  return [Math.max(x0, (x0 + x1) / 2), Math.min(y0 + 15, (y0 + y1) / 2 + 7)];
}
