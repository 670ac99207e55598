/** Bits of a half that are not its sign. */
const SIZE = 0x7fff;
const INFINITE = 0x7c00;
/** The difference of the exponents' biases, at the exponent's place in a float32. */
const REBIAS = (127 - 15) << 23;

/** IEEE 754 half -> single precision, exactly (subnormals, infinities and NaN included). */
export function widenHalf(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  const bits = new Uint32Array(out.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] ?? 0;
    const sign = (half & 0x8000) << 16;
    const size = half & SIZE;
    if (size >= 0x400 && size < INFINITE) bits[i] = sign | ((size << 13) + REBIAS);
    else if (size >= INFINITE) bits[i] = sign | (size << 13) | 0x7f800000;
    else out[i] = (sign === 0 ? 1 : -1) * size * 2 ** -24;
  }
  return out;
}

/** bfloat16 is the upper half of a float32. */
export function widenBrain(brains: Uint16Array): Float32Array {
  const bits = Uint32Array.from(brains, (value) => value << 16);
  return new Float32Array(bits.buffer);
}
