/** Snappy, as blocks of tables are packed: https://github.com/google/snappy/blob/main/format_description.txt */

/** A copy of 64 bytes takes 3: nothing packs better. */
const MAX_RATIO = 32;

/** Null when the bytes are not well formed, or declare more than they can hold. */
export function unpackSnappy(packed: Uint8Array): Uint8Array | null {
  let at = 0;
  let [size, shift] = [0, 0];
  for (;;) {
    const byte = packed[at++];
    if (byte === undefined || shift > 28) return null;
    size += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte < 128) break;
  }
  if (size > packed.length * MAX_RATIO) return null;
  const out = new Uint8Array(size);
  let end = 0;
  // NaN where the bytes end: no comparison below holds then
  const number = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += (packed[at++] ?? NaN) * 2 ** (8 * i);
    return value;
  };
  while (at < packed.length) {
    const tag = number(1);
    if ((tag & 3) === 0) {
      const short = tag >> 2;
      const length = short < 60 ? short + 1 : number(short - 59) + 1;
      if (!(at + length <= packed.length && end + length <= size)) return null;
      out.set(packed.subarray(at, at + length), end);
      at += length;
      end += length;
      continue;
    }
    const near = (tag & 3) === 1;
    const length = near ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = near ? ((tag >> 5) << 8) + number(1) : number((tag & 3) === 2 ? 2 : 4);
    if (!(back > 0 && back <= end && end + length <= size)) return null;
    // byte by byte: a copy may overlap what it writes
    for (let i = 0; i < length; i++, end++) out[end] = out[end - back] as number;
  }
  return end === size ? out : null;
}
