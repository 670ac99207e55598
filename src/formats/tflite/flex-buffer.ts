/** Settings of custom operators: a FlexBuffer that is a map of names to numbers (flatbuffers.dev, "FlexBuffers"). */
import type { Bytes } from "./bytes.ts";
import type { Range } from "./types.ts";

/** Types that are single numbers, as they lie in a map, or where an offset leads. */
const [INT, UINT, FLOAT, KEY_MAP, BOOL] = [1, 2, 3, 9, 26];
const INDIRECT: ReadonlyMap<number, number> = new Map([
  [6, INT],
  [7, UINT],
  [8, FLOAT],
]);
const MOST_ENTRIES = 1000;
const LONGEST_KEY = 100;

/** Those of its entries that are numbers or truths (0, 1); empty where it is no map. Throws a ConvLensError for offsets that lead outside the file. */
export function flexNumbers(bytes: Bytes, { start, length }: Range): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (length < 3) return found;
  const end = start + length;
  const root = typed(bytes.u8(end - 2));
  const width = bytes.u8(end - 1);
  if (root.type !== KEY_MAP || !WIDTHS.includes(width)) return found;
  const spot = end - 2 - width;
  const map = spot - unsigned(bytes, spot, width);
  const own = root.width;
  const size = unsigned(bytes, map - own, own);
  const keyWidth = unsigned(bytes, map - 2 * own, own);
  if (size > MOST_ENTRIES || !WIDTHS.includes(keyWidth)) throw bytes.damaged();
  const keys = map - 3 * own - unsigned(bytes, map - 3 * own, own);
  for (let i = 0; i < size; i++) {
    const keySpot = keys + i * keyWidth;
    const key = textAt(bytes, keySpot - unsigned(bytes, keySpot, keyWidth));
    const { type, width: pointed } = typed(bytes.u8(map + size * own + i));
    const at = map + i * own;
    const direct = INDIRECT.get(type);
    const value =
      direct === undefined
        ? numberAt(bytes, at, own, type)
        : numberAt(bytes, at - unsigned(bytes, at, own), pointed, direct);
    if (value !== null) found.set(key, value);
  }
  return found;
}

const WIDTHS: readonly number[] = [1, 2, 4, 8];

/** A type with the width of what it is the type of, in bytes. */
const typed = (packed: number): { type: number; width: number } => ({
  type: packed >> 2,
  width: 1 << (packed & 3),
});

function numberAt(bytes: Bytes, at: number, width: number, type: number): number | null {
  if (type === INT) return signed(bytes, at, width);
  if (type === UINT || type === BOOL) return unsigned(bytes, at, width);
  if (type !== FLOAT || width < 4) return null;
  return width === 4 ? bytes.f32(at) : bytes.f64(at);
}

function unsigned(bytes: Bytes, at: number, width: number): number {
  if (width === 1) return bytes.u8(at);
  if (width === 2) return bytes.u16(at);
  return width === 4 ? bytes.u32(at) : bytes.u64(at);
}
function signed(bytes: Bytes, at: number, width: number): number {
  if (width === 8) return bytes.i64(at);
  const value = unsigned(bytes, at, width);
  const half = 2 ** (8 * width - 1);
  return value < half ? value : value - 2 * half;
}

/** ASCII up to a zero. */
function textAt(bytes: Bytes, from: number): string {
  let text = "";
  for (let at = from; text.length < LONGEST_KEY; at++) {
    const code = bytes.u8(at);
    if (code === 0) return text;
    text += String.fromCharCode(code);
  }
  throw bytes.damaged();
}
