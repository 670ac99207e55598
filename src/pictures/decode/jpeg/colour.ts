import { inkToRgba } from "../cmyk.ts";
import type { JpegStructure } from "./segments.ts";

/** Turns rows of samples, one of each component and as wide as the picture, into RGBA. */
export type ToRgba = (rows: readonly Uint8Array[], rgba: Uint8Array, width: number) => void;

/** What the components are, by the file's segments as libjpeg reads them. Throws for a number of them that has no meaning. */
export function colourOf({ components, adobe, jfif }: JpegStructure): ToRgba {
  if (components.length === 1) return gray;
  if (components.length === 4) return adobe === 2 ? inkOfYcck : ink;
  if (components.length !== 3)
    throw new Error(`it has ${components.length} components, which no colours are known for`);
  const letters = components.map(({ id }) => String.fromCharCode(id)).join("");
  const plain = jfif ? false : adobe === null ? letters === "RGB" : adobe === 0;
  return plain ? rgb : yCbCr;
}

const gray: ToRgba = ([y], rgba, width) => {
  for (let x = 0; x < width; x++) rgba.fill(y?.[x] ?? 0, 4 * x, 4 * x + 3);
  opaque(rgba, width);
};

const rgb: ToRgba = (rows, rgba, width) => {
  rows.forEach((row, k) => {
    for (let x = 0; x < width; x++) rgba[4 * x + k] = row[x] ?? 0;
  });
  opaque(rgba, width);
};

function opaque(rgba: Uint8Array, width: number): void {
  for (let x = 0; x < width; x++) rgba[4 * x + 3] = 255;
}

const HALF = 1 << 15;
const clamped = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);

/** ITU-R BT.601 over the full range, in 16 bits behind the point as libjpeg has it. */
const yCbCr: ToRgba = (rows, rgba, width) => {
  const [luma, blue, red] = rows;
  if (!luma || !blue || !red) return;
  for (let x = 0, to = 0; x < width; x++, to += 4) {
    const y = luma[x] ?? 0;
    const cb = (blue[x] ?? 0) - 128;
    const cr = (red[x] ?? 0) - 128;
    rgba[to] = clamped(y + ((91881 * cr + HALF) >> 16));
    rgba[to + 1] = clamped(y + ((-22554 * cb - 46802 * cr + HALF) >> 16));
    rgba[to + 2] = clamped(y + ((116130 * cb + HALF) >> 16));
    rgba[to + 3] = 255;
  }
};

/** Ink as Adobe stores it, light for dark; who writes no Adobe segment does the same. */
const ink: ToRgba = ([c, m, y, k], rgba, width) => {
  const of = (row: Uint8Array | undefined, x: number): number => 255 - (row?.[x] ?? 0);
  for (let x = 0; x < width; x++) inkToRgba(of(c, x), of(m, x), of(y, x), of(k, x), rgba, 4 * x);
};

/** YCCK: what is yCbCr is the opposite of ink, stored light for dark in turn. */
const inkOfYcck: ToRgba = (rows, rgba, width) => {
  yCbCr(rows, rgba, width);
  const black = rows[3];
  for (let x = 0, to = 0; x < width; x++, to += 4)
    inkToRgba(
      ...([rgba[to] ?? 0, rgba[to + 1] ?? 0, rgba[to + 2] ?? 0] as const),
      ...([255 - (black?.[x] ?? 0), rgba, to] as const),
    );
};
