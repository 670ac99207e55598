/** IEEE 754 half -> single precision, exactly (subnormals, infinities and NaN included). */
export function widenHalf(halves: Uint16Array): Float32Array {
  const table = halfTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = table[halves[i] ?? 0] ?? 0;
  return out;
}

let halves: Float32Array | undefined;
function halfTable(): Float32Array {
  if (halves) return halves;
  halves = Float32Array.from({ length: 65536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return exponent === 0
      ? sign * fraction * 2 ** -24
      : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return halves;
}

/** bfloat16 is the upper half of a float32. */
export function widenBrain(brains: Uint16Array): Float32Array {
  const bits = Uint32Array.from(brains, (value) => value << 16);
  return new Float32Array(bits.buffer);
}
