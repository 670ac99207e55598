import { encodeGif } from "./gif.ts";
import type { Sheet } from "../draw/numbers.ts";

/** A picture as it is after some step. */
export interface Moment extends Sheet {
  /** The number of the step, written below the picture. */
  readonly step: number;
}

const FRAME_MS = 100;
/** The last frame stays this long. */
const LAST_MS = 1200;
/** Smaller pictures are enlarged to about this many pixels. */
const LEAST_SIDE = 160;
const ZOOM = 3;
const STRIP = 5 * ZOOM + 9;
/** 3 x 5 pixels each, three bits a row from the top. */
const DIGITS = [
  0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71111, 0o75757, 0o75717,
];

/** An animated GIF of pictures of one size, each with the number of its step and a bar of how far it is. */
export function animate(moments: readonly Moment[], frameMs = FRAME_MS): Uint8Array {
  const [first] = moments;
  if (!first) throw new RangeError("an animation has at least one frame");
  const zoom = Math.max(1, Math.round(LEAST_SIDE / Math.max(first.width, first.height)));
  const [width, height] = [first.width * zoom, first.height * zoom + STRIP];
  const frames = moments.map((moment, i) => ({
    rgb: frame(moment, zoom, (i + 1) / moments.length),
    delayMs: i === moments.length - 1 ? LAST_MS : frameMs,
  }));
  return encodeGif(frames, width, height);
}

function frame({ width, height, rgb, step }: Moment, zoom: number, done: number): Uint8Array {
  const across = width * zoom;
  const out = new Uint8Array(across * (height * zoom + STRIP) * 3);
  for (let y = 0; y < height * zoom; y++)
    for (let x = 0; x < across; x++) {
      const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * 3;
      out.set(rgb.subarray(from, from + 3), (y * across + x) * 3);
    }
  const fill = (left: number, top: number, right: number, bottom: number, gray: number): void => {
    for (let y = top; y < bottom; y++) {
      const at = (height * zoom + y) * across;
      out.fill(gray, 3 * (at + left), 3 * (at + Math.min(right, across)));
    }
  };
  fill(0, 0, across, STRIP, 32);
  fill(0, 0, Math.round(across * done), 2, 200);
  Array.from(String(step)).forEach((digit, place) => {
    const shape = DIGITS[Number(digit)] ?? 0;
    for (let row = 0; row < 5; row++)
      for (let column = 0; column < 3; column++)
        if ((shape >> (3 * (4 - row) + 2 - column)) & 1) {
          const [left, top] = [6 + (4 * place + column) * ZOOM, 6 + row * ZOOM];
          if (left + ZOOM <= across) fill(left, top, left + ZOOM, top + ZOOM, 220);
        }
  });
  return out;
}
