import { at } from "../../../base/at.ts";
import type { PictureBytes } from "../bytes.ts";
import {
  ascii,
  CUT_SHORT,
  DAMAGED_PIXELS,
  FIRST_FRAME_NOTE,
  MOST_PIECES,
  TOO_MANY_PIECES,
  type PictureFormat,
  type RowSink,
  type Size,
} from "../format.ts";
import { unpackLzw } from "../lzw.ts";

/** GIF; of an animation the first frame. */
export const gif: PictureFormat = {
  name: "GIF",
  matches: (bytes) => /^GIF8[79]a$/.test(ascii(bytes, 0, 6)),
  size,
  judge: (bytes) => {
    firstFrame(bytes);
  },
  decode,
};

function size(bytes: PictureBytes): Size {
  return { width: bytes.u16(6, true), height: bytes.u16(8, true) };
}

interface Frame extends Size {
  readonly x: number;
  readonly y: number;
  readonly interlaced: boolean;
  /** RGB, three bytes a colour. */
  readonly palette: Uint8Array;
  /** The colour that is not drawn; -1: all are. */
  readonly transparent: number;
  /** Where its compressed pixels begin: the number of bits, then blocks. */
  readonly start: number;
}

/** How many blocks may still be looked at. */
class Left {
  private count = MOST_PIECES;
  take(): void {
    if (this.count-- === 0) throw new Error(TOO_MANY_PIECES);
  }
}

/** Blocks of at most 255 bytes with their lengths before them, up to an empty one. */
function* blocks(bytes: PictureBytes, start: number, left = new Left()): Generator<Uint8Array> {
  for (let i = start; ;) {
    left.take();
    const length = bytes.at(i);
    if (length === undefined || i + 1 + length > bytes.length) throw new Error(CUT_SHORT);
    if (length === 0) return;
    yield bytes.slice(i + 1, i + 1 + length);
    i += 1 + length;
  }
}

/** Where the blocks that begin at `start` have ended. */
function behind(bytes: PictureBytes, start: number, left: Left): number {
  let end = start;
  for (const { length } of blocks(bytes, start, left)) end += 1 + length;
  return end + 1;
}

/** The colour table that a packed byte announces: its bytes, and where they end. */
function paletteAt(
  bytes: PictureBytes,
  packed: number,
  start: number,
): { palette: Uint8Array | null; end: number } {
  if ((packed & 0x80) === 0) return { palette: null, end: start };
  const end = start + 3 * (2 << (packed & 7));
  if (end > bytes.length) throw new Error(CUT_SHORT);
  return { palette: bytes.slice(start, end), end };
}

/** Reads up to the first frame. Throws where there is none, or where it is not inside of the picture. */
function firstFrame(bytes: PictureBytes): Frame {
  const byte = (offset: number): number => bytes.u16(offset - 1) & 255;
  const canvas = size(bytes);
  const common = paletteAt(bytes, byte(10), 13);
  let transparent = -1;
  const left = new Left();
  for (let i = common.end; ;) {
    left.take();
    const kind = byte(i);
    if (kind === 0x21) {
      if (byte(i + 1) === 0xf9 && byte(i + 2) >= 4)
        transparent = (byte(i + 3) & 1) === 1 ? byte(i + 6) : -1;
      i = behind(bytes, i + 2, left);
      continue;
    }
    if (kind !== 0x2c) throw new Error("it holds no frame");
    const [x, y, width, height] = [1, 3, 5, 7].map((offset) => bytes.u16(i + offset, true)) as [
      number,
      number,
      number,
      number,
    ];
    const packed = byte(i + 9);
    const own = paletteAt(bytes, packed, i + 10);
    const palette = own.palette ?? common.palette;
    if (!palette) throw new Error("its palette is missing");
    if (width < 1 || height < 1 || x + width > canvas.width || y + height > canvas.height)
      throw new Error("its first frame is larger than the picture");
    const interlaced = (packed & 0x40) !== 0;
    return { x, y, width, height, interlaced, palette, transparent, start: own.end };
  }
}

/** Whether another frame follows; what is damaged behind the first one is of no interest. */
function moves(bytes: PictureBytes, { start }: Frame): boolean {
  try {
    const left = new Left();
    let i = behind(bytes, start + 1, left);
    while (bytes.at(i) === 0x21) i = behind(bytes, i + 2, left);
    return bytes.at(i) === 0x2c;
  } catch {
    return false;
  }
}

/** The rows of an interlaced frame come in four passes. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

function rowOrder({ height, interlaced }: Frame): number[] {
  const all = (first: number, step: number): number[] =>
    Array.from(
      { length: Math.max(0, Math.ceil((height - first) / step)) },
      (_, i) => first + i * step,
    );
  return interlaced ? PASSES.flatMap(([first, step]) => all(first, step)) : all(0, 1);
}

/** RGBA of all 256 indices; those beyond the palette are transparent. */
function coloursOf({ palette, transparent }: Frame): Uint8Array {
  const colours = new Uint8Array(256 * 4);
  for (let i = 0; 3 * i < palette.length; i++) {
    colours.set(palette.subarray(3 * i, 3 * i + 3), 4 * i);
    colours[4 * i + 3] = i === transparent ? 0 : 255;
  }
  return colours;
}

function decode(bytes: PictureBytes, rows: RowSink): readonly string[] {
  const { width, height } = size(bytes);
  const frame = firstFrame(bytes);
  const bits = bytes.at(frame.start) ?? 0;
  if (bits < 1 || bits > 8) throw new Error(DAMAGED_PIXELS);
  const order = rowOrder(frame);
  const rgba = new Uint8Array(width * 4);
  const colours = coloursOf(frame);
  const take = (y: number): void => {
    if (rows.wants(y)) rows.take(y, rgba);
    rgba.fill(0);
  };
  let [done, x] = [0, 0];
  unpackLzw(blocks(bytes, frame.start + 1), { bits, lowFirst: true, early: 0 }, (piece) => {
    for (const index of piece) {
      const to = 4 * (frame.x + x);
      for (let k = 0; k < 4; k++) rgba[to + k] = colours[4 * index + k] ?? 0;
      if (++x < frame.width) continue;
      x = 0;
      take(frame.y + at(order, done));
      if (++done === frame.height) return false;
    }
    return true;
  });
  for (let y = 0; y < height; y++) if (y < frame.y || y >= frame.y + frame.height) take(y);
  return moves(bytes, frame) ? [FIRST_FRAME_NOTE] : [];
}
