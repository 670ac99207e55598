/** Animated GIF (89a): a colour table of its own for every frame, repeated for ever. */
import { indexed } from "./palette.ts";

/** One picture of an animation, and how long it stays: GIF counts in 10 ms. */
export interface GifFrame {
  /** [height, width, 3] */
  readonly rgb: Uint8Array;
  readonly delayMs: number;
}

const MOST_SIDE = 65535;
const MOST_CODES = 4096;

/** Frames of one size. Throws a RangeError for none, for a size that a GIF cannot have, and for frames of another size. */
export function encodeGif(frames: readonly GifFrame[], width: number, height: number): Uint8Array {
  if (frames.length === 0) throw new RangeError("an animation has at least one frame");
  if (!(width >= 1 && height >= 1 && width <= MOST_SIDE && height <= MOST_SIDE))
    throw new RangeError(`${width} x ${height} is no size of a GIF`);
  const out = new Bytes();
  out.text("GIF89a");
  out.words(width, height);
  out.bytes(0x70, 0, 0); // 8 bits a channel, no common colour table
  out.bytes(0x21, 0xff, 11);
  out.text("NETSCAPE2.0");
  out.bytes(3, 1, 0, 0, 0); // for ever
  for (const { rgb, delayMs } of frames) {
    if (rgb.length !== width * height * 3)
      throw new RangeError(`${rgb.length} bytes do not fill ${width} x ${height} x 3`);
    const { palette, pixels } = indexed(rgb);
    const bits = Math.max(2, Math.ceil(Math.log2(palette.length / 3)));
    out.bytes(0x21, 0xf9, 4, 4); // the next frame is drawn over this one
    out.words(Math.round(delayMs / 10));
    out.bytes(0, 0, 0x2c);
    out.words(0, 0, width, height);
    out.bytes(0x80 | (bits - 1));
    out.array(palette);
    out.array(new Uint8Array(3 * 2 ** bits - palette.length));
    compress(pixels, bits, out);
  }
  out.bytes(0x3b);
  return out.all();
}

/** Lempel, Ziv and Welch (1984), codes of growing width, in blocks of at most 255 bytes. */
function compress(pixels: Uint8Array, bits: number, out: Bytes): void {
  const [clear, end] = [2 ** bits, 2 ** bits + 1];
  out.bytes(bits);
  const block = new Blocks(out);
  let table = new Map<number, number>();
  let [next, size] = [end + 1, bits + 1];
  block.code(clear, size);
  let prefix = pixels[0] ?? 0;
  for (let i = 1; i < pixels.length; i++) {
    const pixel = pixels[i] ?? 0;
    const known = table.get((prefix << 8) | pixel);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    block.code(prefix, size);
    if (next < MOST_CODES) {
      // the reader learns an entry one code later: it widens its codes when this one does not fit
      if (next === 2 ** size) size++;
      table.set((prefix << 8) | pixel, next++);
    } else {
      block.code(clear, size);
      table = new Map();
      [next, size] = [end + 1, bits + 1];
    }
    prefix = pixel;
  }
  block.code(prefix, size);
  if (next === 2 ** size && size < 12) size++;
  block.code(end, size);
  block.finish();
}

/** Codes as bits, the lowest first, in blocks that begin with their length. */
class Blocks {
  private readonly block = new Uint8Array(255);
  private filled = 0;
  private held = 0;
  private bits = 0;

  constructor(private readonly out: Bytes) {}

  code(value: number, size: number): void {
    this.held |= value << this.bits;
    this.bits += size;
    for (; this.bits >= 8; this.bits -= 8, this.held >>>= 8) this.byte(this.held & 255);
  }
  finish(): void {
    if (this.bits > 0) this.byte(this.held & 255);
    this.flush();
    this.out.bytes(0);
  }
  private byte(value: number): void {
    this.block[this.filled++] = value;
    if (this.filled === 255) this.flush();
  }
  private flush(): void {
    if (this.filled === 0) return;
    this.out.bytes(this.filled);
    this.out.array(this.block.slice(0, this.filled));
    this.filled = 0;
  }
}

class Bytes {
  private readonly parts: Uint8Array[] = [];

  bytes(...values: readonly number[]): void {
    this.parts.push(Uint8Array.from(values));
  }
  words(...values: readonly number[]): void {
    this.bytes(...values.flatMap((value) => [value & 255, value >> 8]));
  }
  text(value: string): void {
    this.array(new TextEncoder().encode(value));
  }
  array(part: Uint8Array): void {
    this.parts.push(part);
  }
  all(): Uint8Array {
    const whole = new Uint8Array(this.parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}
