/** What a network found, drawn on the picture that it saw: boxes, a mask of classes. */
import { classColour } from "../../shared/class-colours.ts";

/** RGBA, row-major. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}
/** A frame in pixels, and the class that gives its colour. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly class: number;
}

/** Frames one or two pixels wide, the first on top. Returns RGB. */
export function drawFrames(picture: Picture, frames: readonly Frame[]): Uint8Array {
  const { width, height, rgba } = picture;
  const rgb = opaque(rgba);
  const thick = Math.max(1, Math.round(Math.min(width, height) / 160));
  const paint = (x: number, y: number, colour: readonly number[]): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) rgb.set(colour, 3 * (y * width + x));
  };
  for (const frame of frames.toReversed()) {
    const colour = classColour(frame.class);
    const [left, top] = [Math.round(frame.x), Math.round(frame.y)];
    const [right, bottom] = [
      Math.min(width + thick, Math.round(frame.x + frame.width)),
      Math.min(height + thick, Math.round(frame.y + frame.height)),
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
  return rgb;
}

/** A class map [rows * columns] over a picture, each class in its colour at `opacity`. Returns RGB. */
export function drawMask(
  picture: Picture,
  map: Int32Array,
  [rows, columns]: readonly [number, number],
  opacity = 0.55,
): Uint8Array {
  const { width, height, rgba } = picture;
  const rgb = opaque(rgba);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      const colour = classColour(map[cell] ?? 0);
      const first = 3 * (y * width + x);
      colour.forEach((value, k) => {
        rgb[first + k] = Math.round((1 - opacity) * (rgb[first + k] ?? 0) + opacity * value);
      });
    }
  return rgb;
}

function opaque(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0; i < rgba.length / 4; i++) rgb.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i);
  return rgb;
}
