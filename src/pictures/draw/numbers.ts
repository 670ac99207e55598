import { at } from "../../base/at.ts";

/** A picture, [height, width, 3]. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Each digit as 3 x 5 cells, row by row from the left: the highest of 15 bits is the first. */
const DIGITS = [
  0b111101101101111, 0b010110010010111, 0b111001111100111, 0b111001111001111, 0b101101111001001,
  0b111100111001111, 0b111100111101111, 0b111001001001001, 0b111101111101111, 0b111101111001111,
];
const [COLUMNS, ROWS] = [3, 5];
/** Pixels of a cell. */
const ZOOM = 2;

/** How high a number is that `writeNumber` writes, pixels. */
export const NUMBER_HEIGHT = ROWS * ZOOM;

/** Writes a whole number of 0 or more in black, its upper left corner at (left, top); what does not fit on the sheet is left out. */
export function writeNumber(sheet: Sheet, number: number, left: number, top: number): void {
  Array.from(String(number)).forEach((digit, place) => {
    const bits = at(DIGITS, Number(digit));
    for (let y = 0; y < NUMBER_HEIGHT; y++)
      for (let x = 0; x < COLUMNS * ZOOM; x++) {
        const cell = Math.floor(y / ZOOM) * COLUMNS + Math.floor(x / ZOOM);
        const isInk = (bits >> (COLUMNS * ROWS - 1 - cell)) & 1;
        const column = left + place * (COLUMNS + 1) * ZOOM + x;
        const to = ((top + y) * sheet.width + column) * 3;
        if (isInk && column < sheet.width) sheet.rgb.fill(0, to, to + 3);
      }
  });
}
