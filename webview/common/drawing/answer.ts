/** What a network found, drawn on a canvas as large as the picture is shown: boxes, a mask of classes, key points, and the place that is chosen. */
import { at } from "../../../src/base/at.ts";
import { toldBoxes } from "../../../src/shared/answers.ts";
import { classColour, colourText } from "../../../src/shared/class-colours.ts";
import type { Answer, OutputKind } from "../../../src/shared/contract/outputs.ts";

type Context = CanvasRenderingContext2D;
/** A place on a picture, in shares of its width and height. */
export type PlaceOn =
  | {
      readonly kind: "outline";
      readonly corners: readonly (readonly [u: number, v: number])[];
      readonly closed: boolean;
    }
  | { readonly kind: "ring"; readonly centre: readonly [u: number, v: number] };
type Kind<K> = Extract<Answer, { kind: K }>;
type Drawings = {
  readonly [K in OutputKind]: ((answer: Kind<K>, context: Context, scale: number) => void) | null;
};

const OPACITY = 0.55;

const DRAWINGS: Drawings = {
  ...{ classes: null, regression: null, embedding: null, sequence: null, unknown: null },
  segmentation: (answer, context) => {
    const { width, height } = context.canvas;
    context.globalAlpha = OPACITY;
    context.imageSmoothingEnabled = false;
    context.drawImage(maskOf(answer), 0, 0, width, height);
    context.globalAlpha = 1;
  },
  detection: (answer, context, scale) => {
    for (const { rect, class: own } of toldBoxes(answer).toReversed())
      if (rect) framed(context, scaled(rect, scale), colourText(own.index), 2 * devicePixelRatio);
  },
  "heat-maps": ({ points, grid: [rows, columns] }, context) => {
    const { width, height } = context.canvas;
    for (const { index, row, column } of points)
      crossed(context, ((column + 0.5) * width) / columns, ((row + 0.5) * height) / rows, index);
  },
};

/** Draws what an output says over a picture that fills the canvas; `scale`: pixels of the canvas for a pixel of the picture. */
export function paintAnswer(answer: Answer, context: Context, scale: number): void {
  const draw = DRAWINGS[answer.kind] as
    ((answer: Answer, context: Context, scale: number) => void) | null;
  draw?.(answer, context, scale);
}

/** Marks the place that is chosen, in black and white, so that it is seen on every picture. */
export function paintPlace(place: PlaceOn, context: Context): void {
  const { width, height } = context.canvas;
  const path = new Path2D();
  if (place.kind === "ring") {
    const [u, v] = place.centre;
    path.arc(u * width, v * height, 8 * devicePixelRatio, 0, 2 * Math.PI);
  } else {
    for (const [u, v] of place.corners) path.lineTo(u * width, v * height);
    if (place.closed) path.closePath();
  }
  for (const [line, style, dash] of [
    [4, "#000", 0],
    [2, "#fff", 0],
    [2, "#000", 4],
  ] as const) {
    context.lineWidth = line * devicePixelRatio;
    context.strokeStyle = style;
    context.setLineDash(dash > 0 ? [dash * devicePixelRatio] : []);
    context.stroke(path);
  }
  context.setLineDash([]);
}

const masks = new WeakMap<object, OffscreenCanvas>();

function maskOf({ map, grid: [rows, columns], areas }: Kind<"segmentation">): OffscreenCanvas {
  const known = masks.get(map);
  if (known) return known;
  const canvas = new OffscreenCanvas(columns, rows);
  const rgba = new Uint8ClampedArray(4 * map.length);
  const colours = areas.slice(0, 256).map(({ index }) => [...classColour(index), 255]);
  map.forEach((area, cell) => rgba.set(at(colours, area), 4 * cell));
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  masks.set(map, canvas);
  return canvas;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const scaled = ({ x, y, width, height }: Box, by: number): Box => ({
  ...{ x: x * by, y: y * by, width: width * by, height: height * by },
});

/** A black line below, so that the colour is seen on every picture. */
function framed(
  context: Context,
  { x, y, width, height }: Box,
  colour: string,
  line: number,
): void {
  for (const [wide, style] of [
    [2 * line, "rgb(0 0 0 / 60%)"],
    [line, colour],
  ] as const) {
    context.lineWidth = wide;
    context.strokeStyle = style;
    context.strokeRect(x, y, width, height);
  }
}

function crossed(context: Context, x: number, y: number, index: number): void {
  const arm = 6 * devicePixelRatio;
  const path = new Path2D();
  path.moveTo(x - arm, y);
  path.lineTo(x + arm, y);
  path.moveTo(x, y - arm);
  path.lineTo(x, y + arm);
  for (const [line, style] of [
    [4, "#000"],
    [2, colourText(index)],
  ] as const) {
    context.lineWidth = line * devicePixelRatio;
    context.strokeStyle = style;
    context.stroke(path);
  }
}
