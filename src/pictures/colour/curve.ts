import { at } from "../../base/at.ts";
import { ascii, viewOf } from "../decode/format.ts";

/** The light of each of the 256 values, 0..1. */
export const curveBy = (light: (value: number) => number): Float64Array =>
  Float64Array.from({ length: 256 }, (_, i) => Math.min(1, Math.max(0, light(i / 255))));

/** How many numbers each kind of parametric curve takes: g a b c d e f. */
const PARAMETERS = [1, 3, 4, 5, 7] as const;

/** A curve tag (`curv` or `para`); null: there is none, or it is of another kind. */
export function curveOf(tag: Uint8Array | undefined): Float64Array | null {
  if (!tag) return null;
  const view = viewOf(tag);
  const kind = ascii(tag, 0, 4);
  if (kind === "para") {
    const number = view.getUint16(8);
    const many = PARAMETERS[number];
    if (many === undefined) return null;
    return curveBy(
      parametric(
        number,
        Array.from({ length: many }, (_, i) => view.getInt32(12 + 4 * i) / 65536),
      ),
    );
  }
  if (kind !== "curv") return null;
  const count = view.getUint32(8);
  if (count === 0) return curveBy((value) => value);
  if (count === 1) {
    const gamma = view.getUint16(12) / 256;
    return curveBy((value) => value ** gamma);
  }
  if (12 + 2 * count > tag.length) throw new RangeError("the curve is cut short");
  return curveBy((value) => {
    const place = value * (count - 1);
    const low = Math.min(count - 2, Math.floor(place));
    const [a, b] = [view.getUint16(12 + 2 * low), view.getUint16(14 + 2 * low)];
    return (a + (b - a) * (place - low)) / 65535;
  });
}

/** (ICC.1:2022, 10.18) */
function parametric(number: number, parameters: readonly number[]): (value: number) => number {
  const of = (i: number): number => at(parameters, i);
  const power = (value: number): number => Math.max(0, of(1) * value + of(2)) ** of(0);
  if (number === 0) return (value) => value ** of(0);
  if (number === 1) return (value) => (value >= -of(2) / of(1) ? power(value) : 0);
  if (number === 2) return (value) => (value >= -of(2) / of(1) ? power(value) : 0) + of(3);
  if (number === 3) return (value) => (value >= of(4) ? power(value) : of(3) * value);
  return (value) => (value >= of(4) ? power(value) + of(5) : of(3) * value + of(6));
}
