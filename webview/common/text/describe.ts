/** Maps in words: for those who do not see them, and for those who want to write them down. */
import { t } from "./l10n.ts";

/** A map as it is drawn, [height, width], row-major. */
export interface Describable {
  /** 255 = the largest value; signed maps have their zero at 128. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Cells at or above this fraction of the largest value are the hot region. */
const HOT = 0.5;
const ZERO = 128;

/** Where a map is largest, and where at least half of that: in percent of the picture, from its top left. */
export function describe(map: Describable, signed = false): string {
  if (!signed) return region(map, (pixel) => pixel) ?? t("The map is zero everywhere.");
  const above = region(map, (pixel) => Math.max(0, pixel - ZERO));
  const below = region(map, (pixel) => Math.max(0, ZERO - pixel));
  return [
    above === null ? t("Nothing is above zero.") : t("Above zero: {0}", above),
    below === null ? t("Nothing is below zero.") : t("Below zero: {0}", below),
  ].join(" ");
}

function region(
  { pixels, width, height }: Describable,
  of: (pixel: number) => number,
): string | null {
  let [peak, most] = [0, 0];
  pixels.forEach((pixel, i) => {
    if (of(pixel) > most) [peak, most] = [i, of(pixel)];
  });
  if (most === 0) return null;
  let [left, right, top, bottom, count] = [width, 0, height, 0, 0];
  pixels.forEach((pixel, i) => {
    if (of(pixel) < HOT * most) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    count++;
  });
  const percent = (value: number, whole: number): number => Math.round((100 * value) / whole);
  return t(
    "largest at x {0} %, y {1} %; at least half of that in x {2} to {3} %, y {4} to {5} %, which is {6} % of the picture.",
    ...[percent((peak % width) + 0.5, width), percent(Math.floor(peak / width) + 0.5, height)],
    ...[percent(left, width), percent(right, width), percent(top, height), percent(bottom, height)],
    percent(count, pixels.length),
  );
}
