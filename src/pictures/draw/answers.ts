/** What a network found, drawn on the picture that it saw: boxes, a mask of classes, key points. */
import { at } from "../../base/at.ts";
import { toldBoxes } from "../../shared/answers.ts";
import { classColour } from "../../shared/class-colours.ts";
import type { Answer, OutputKind } from "../../shared/contract/outputs.ts";

/** RGBA, row-major. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}
/** What is drawn: what it is called, and RGB of the picture's size. */
export interface Drawn {
  readonly name: "boxes" | "mask" | "points";
  readonly rgb: Uint8Array;
}
type Kind<K> = Extract<Answer, { kind: K }>;
type Drawings = {
  readonly [K in OutputKind]: ((answer: Kind<K>, picture: Picture) => Drawn) | null;
};

const DRAWINGS: Drawings = {
  ...{ classes: null, regression: null, embedding: null, sequence: null, unknown: null },
  detection: (answer, picture) => ({ name: "boxes", rgb: drawBoxes(picture, answer) }),
  segmentation: (answer, picture) => ({ name: "mask", rgb: drawMask(picture, answer) }),
  "heat-maps": (answer, picture) => ({ name: "points", rgb: drawPoints(picture, answer) }),
};

/** The picture with what an output says drawn on it, each class in its colour; null for a kind of which nothing is drawn. */
export function drawAnswer(answer: Answer, picture: Picture): Drawn | null {
  const draw = DRAWINGS[answer.kind] as ((answer: Answer, picture: Picture) => Drawn) | null;
  return draw && draw(answer, picture);
}

const OPACITY = 0.55;

/** Frames one or two pixels wide, the surest on top. */
function drawBoxes(picture: Picture, found: Kind<"detection">): Uint8Array {
  const { canvas, paint, thick } = painter(picture);
  const { width, height } = picture;
  for (const { rect, class: own } of toldBoxes(found).toReversed()) {
    if (!rect) continue;
    const colour = classColour(own.index);
    const [left, top] = [Math.round(rect.x), Math.round(rect.y)];
    const [right, bottom] = [
      Math.min(width + thick, Math.round(rect.x + rect.width)),
      Math.min(height + thick, Math.round(rect.y + rect.height)),
    ];
    for (let inner = 0; inner < thick; inner++) {
      for (let x = Math.max(0, left); x < right; x++) {
        paint(x, top + inner, colour);
        paint(x, bottom - 1 - inner, colour);
      }
      for (let y = Math.max(0, top); y < bottom; y++) {
        paint(left + inner, y, colour);
        paint(right - 1 - inner, y, colour);
      }
    }
  }
  return canvas;
}

/** Each position's class over the picture. */
function drawMask(
  { width, height, rgba }: Picture,
  { map, grid: [rows, columns], areas }: Kind<"segmentation">,
): Uint8Array {
  const rgb = opaque(rgba);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      const colour = classColour(at(areas, at(map, cell)).index);
      const first = 3 * (y * width + x);
      colour.forEach((value, k) => {
        rgb[first + k] = Math.round((1 - OPACITY) * at(rgb, first + k) + OPACITY * value);
      });
    }
  return rgb;
}

/** A cross at the centre of the highest cell of each point's map. */
function drawPoints(picture: Picture, { points, grid }: Kind<"heat-maps">): Uint8Array {
  const { canvas, paint, thick } = painter(picture);
  const [rows, columns] = grid;
  const arm = 3 * thick;
  for (const { index, row, column } of points) {
    const y = Math.floor(((row + 0.5) * picture.height) / rows);
    const x = Math.floor(((column + 0.5) * picture.width) / columns);
    for (let along = -arm; along <= arm; along++)
      for (let across = 0; across < thick; across++) {
        paint(x + along, y + across, classColour(index));
        paint(x + across, y + along, classColour(index));
      }
  }
  return canvas;
}

function painter({ width, height, rgba }: Picture): {
  readonly canvas: Uint8Array;
  readonly paint: (x: number, y: number, colour: readonly number[]) => void;
  readonly thick: number;
} {
  const canvas = opaque(rgba);
  return {
    canvas,
    thick: Math.max(1, Math.round(Math.min(width, height) / 160)),
    paint: (x, y, colour) => {
      if (x >= 0 && y >= 0 && x < width && y < height) canvas.set(colour, 3 * (y * width + x));
    },
  };
}

function opaque(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0; i < rgba.length / 4; i++) rgb.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i);
  return rgb;
}
