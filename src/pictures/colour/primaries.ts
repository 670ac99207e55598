import { FROM_D50, multiply, type Matrix } from "./srgb.ts";

/** White, red, green and blue as CIE xy. */
export type Chromaticities = readonly (readonly [x: number, y: number])[];

export const D65: readonly [number, number] = [0.3127, 0.329];
export const BT709: Chromaticities = [D65, [0.64, 0.33], [0.3, 0.6], [0.15, 0.06]];
export const P3: Chromaticities = [D65, [0.68, 0.32], [0.265, 0.69], [0.15, 0.06]];
export const BT2020: Chromaticities = [D65, [0.708, 0.292], [0.17, 0.797], [0.131, 0.046]];

type Vector = readonly [number, number, number];
const apply = (m: Matrix, [x, y, z]: Vector): Vector =>
  m.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Vector;

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const [p, q, r] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const determinant = a * p + b * q + c * r;
  const rows = [
    [p, c * h - b * i, b * f - c * e],
    [q, a * i - c * g, c * d - a * f],
    [r, b * g - a * h, a * e - b * d],
  ];
  return rows.map((row) => row.map((value) => value / determinant)) as unknown as Matrix;
}

const xyz = ([x, y]: readonly [number, number]): Vector => [x / y, 1, (1 - x - y) / y];
/** Cones' answers, by Bradford. */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];
const D50: Vector = [0.9642, 1, 0.8249];
const diagonal = ([a, b, c]: Vector): Matrix => [
  [a, 0, 0],
  [0, b, 0],
  [0, 0, c],
];

/** Linear RGB of these primaries as linear sRGB, its white adapted to sRGB's. Null where they span no space. */
export function fromPrimaries([white, ...primaries]: Chromaticities): Matrix | null {
  const [red, green, blue] = primaries;
  if (!white || !red || !green || !blue || [white, ...primaries].some(([, y]) => !(y > 0)))
    return null;
  const [r, g, b] = [xyz(red), xyz(green), xyz(blue)];
  const columns = [0, 1, 2].map((i) => [r[i], g[i], b[i]]) as unknown as Matrix;
  const light = apply(inverse(columns), xyz(white));
  const toXyz = multiply(columns, diagonal(light));
  const [from, to] = [apply(BRADFORD, xyz(white)), apply(BRADFORD, D50)];
  const ratio = diagonal([to[0] / from[0], to[1] / from[1], to[2] / from[2]]);
  const adapted = multiply(multiply(inverse(BRADFORD), ratio), multiply(BRADFORD, toXyz));
  const matrix = multiply(FROM_D50, adapted);
  return matrix.flat().every(Number.isFinite) ? matrix : null;
}
