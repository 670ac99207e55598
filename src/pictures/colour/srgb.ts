import { at } from "../../base/at.ts";

/** Three rows of three numbers. */
export type Matrix = readonly [Row, Row, Row];
type Row = readonly [number, number, number];

/** XYZ (adapted to D50, as profiles have it) to linear sRGB; the inverse of what sRGB's own profile says (IEC 61966-2-1). */
export const FROM_D50: Matrix = [
  [3.134112162, -1.617392436, -0.490633425],
  [-0.978787281, 1.916279569, 0.033454718],
  [0.071983028, -0.228985849, 1.405385133],
];

export const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    [0, 1, 2].map((j) => row[0] * at(b[0], j) + row[1] * at(b[1], j) + row[2] * at(b[2], j)),
  ) as unknown as Matrix;

/** sRGB's curve: a coded value 0..1 as light. */
export const srgbToLinear = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

const linearToSrgb = (value: number): number =>
  value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;

const STEPS = 1 << 16;
let table: Uint8Array | undefined;
/** Light in 65,537 steps as an 8-bit value; made when it is first needed. */
const encoded = (): Uint8Array =>
  (table ??= Uint8Array.from({ length: STEPS + 1 }, (_, i) =>
    Math.round(255 * linearToSrgb(i / STEPS)),
  ));

/** Light of each 8-bit value, by channel; and how the three become linear sRGB. */
export interface LightSource {
  readonly curves: readonly [Float64Array, Float64Array, Float64Array];
  readonly matrix: Matrix;
}

/** Changes rows of RGBA to sRGB in place; what sRGB cannot show is cut off. Null: nothing would change by more than one level. */
export function toSrgb(source: LightSource): ((rgba: Uint8Array) => void) | null {
  const change = changer(source);
  return isIdentity(change) ? null : change;
}

function changer({ curves: [red, green, blue], matrix }: LightSource): (rgba: Uint8Array) => void {
  const codes = encoded();
  const [[a, b, c], [d, e, f], [g, h, i]] = matrix.map((row) =>
    row.map((value) => value * STEPS),
  ) as unknown as Matrix;
  const code = (light: number): number =>
    codes[light <= 0 ? 0 : light >= STEPS ? STEPS : (light + 0.5) | 0] ?? 0;
  return (rgba) => {
    for (let k = 0; k < rgba.length; k += 4) {
      const x = red[rgba[k] ?? 0] ?? 0;
      const y = green[rgba[k + 1] ?? 0] ?? 0;
      const z = blue[rgba[k + 2] ?? 0] ?? 0;
      rgba[k] = code(a * x + b * y + c * z);
      rgba[k + 1] = code(d * x + e * y + f * z);
      rgba[k + 2] = code(g * x + h * y + i * z);
    }
  };
}

function isIdentity(change: (rgba: Uint8Array) => void): boolean {
  const steps = [0, 51, 102, 153, 204, 255];
  const colours = steps.flatMap((r) => steps.flatMap((g) => steps.flatMap((b) => [r, g, b, 255])));
  const grays = Array.from({ length: 256 }, (_, v) => [v, v, v, 255]).flat();
  const before = Uint8Array.from([...colours, ...grays]);
  const after = before.slice();
  change(after);
  return after.every((value, i) => Math.abs(value - at(before, i)) <= 1);
}
