/** Factors of 2^13, by their names in the paper: 0.298631336 and so on. */
const [F0298, F0390, F0541, F0765] = [2446, 3196, 4433, 6270] as const;
const [F0899, F1175, F1501, F1847] = [7373, 9633, 12299, 15137] as const;
const [F1961, F2053, F2562, F3072] = [16069, 16819, 20995, 25172] as const;

const work = new Int32Array(64);

/**
 * The inverse cosine transform of one block, dequantized: 64 coefficients from `from` on (row by row) become 8 x 8 samples 0..255 of `out`
 * at `to`, whose rows are `stride` apart. In integers, to the same numbers as libjpeg's accurate one (Loeffler, Ligtenberg and Moschytz,
 * 1989).
 */
export function inverseTransform(
  coefficients: Int16Array,
  from: number,
  table: Uint16Array,
  out: Uint8Array,
  to: number,
  stride: number,
): void {
  let rest = 0;
  for (let i = 1; i < 64; i++) rest |= coefficients[from + i] ?? 0;
  if (rest === 0) {
    // one colour all over, as smooth places are
    const level = (((coefficients[from] ?? 0) * (table[0] ?? 0) + 4) >> 3) + 128;
    const value = level < 0 ? 0 : level > 255 ? 255 : level;
    for (let row = 0; row < 8; row++) out.fill(value, to + row * stride, to + row * stride + 8);
    return;
  }
  for (let i = 0; i < 64; i++) work[i] = (coefficients[from + i] ?? 0) * (table[i] ?? 0);
  for (let column = 0; column < 8; column++) pass(column, 8, 11);
  for (let row = 0; row < 8; row++) {
    pass(8 * row, 1, 18);
    for (let i = 0; i < 8; i++) {
      const value = (work[8 * row + i] ?? 0) + 128;
      out[to + row * stride + i] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** Eight numbers of `work`, `step` apart, in place; the results are divided by 2^shift and rounded. */
function pass(at: number, step: number, shift: number): void {
  const s0 = work[at] ?? 0;
  const s1 = work[at + step] ?? 0;
  const s2 = work[at + 2 * step] ?? 0;
  const s3 = work[at + 3 * step] ?? 0;
  const s4 = work[at + 4 * step] ?? 0;
  const s5 = work[at + 5 * step] ?? 0;
  const s6 = work[at + 6 * step] ?? 0;
  const s7 = work[at + 7 * step] ?? 0;

  const even = Math.imul(s2 + s6, F0541);
  const e2 = even - Math.imul(s6, F1847);
  const e3 = even + Math.imul(s2, F0765);
  const e0 = (s0 + s4) << 13;
  const e1 = (s0 - s4) << 13;
  const [t10, t13, t11, t12] = [e0 + e3, e0 - e3, e1 + e2, e1 - e2];

  const z5 = Math.imul(s7 + s3 + s5 + s1, F1175);
  const z1 = -Math.imul(s7 + s1, F0899);
  const z2 = -Math.imul(s5 + s3, F2562);
  const z3 = z5 - Math.imul(s7 + s3, F1961);
  const z4 = z5 - Math.imul(s5 + s1, F0390);
  const o0 = Math.imul(s7, F0298) + z1 + z3;
  const o1 = Math.imul(s5, F2053) + z2 + z4;
  const o2 = Math.imul(s3, F3072) + z2 + z3;
  const o3 = Math.imul(s1, F1501) + z1 + z4;

  const half = 1 << (shift - 1);
  work[at] = (t10 + o3 + half) >> shift;
  work[at + 7 * step] = (t10 - o3 + half) >> shift;
  work[at + step] = (t11 + o2 + half) >> shift;
  work[at + 6 * step] = (t11 - o2 + half) >> shift;
  work[at + 2 * step] = (t12 + o1 + half) >> shift;
  work[at + 5 * step] = (t12 - o1 + half) >> shift;
  work[at + 3 * step] = (t13 + o0 + half) >> shift;
  work[at + 4 * step] = (t13 - o0 + half) >> shift;
}
