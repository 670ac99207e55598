import { at } from "../../../base/at.ts";
import type { PictureBytes } from "../bytes.ts";
import { CUT_SHORT, DAMAGED_PIXELS } from "../format.ts";

/** Codes up to this long are looked up at once. */
const LOOK = 9;

/** A table of Huffman codes of 1 to 16 bits. */
export interface HuffmanTable {
  /** By the next LOOK bits: length << 8 | value; 0 where the code is longer. */
  readonly quick: Uint16Array;
  /** By length: the largest code (-1: none), and what is added to a code to find its value. */
  readonly largest: Int32Array;
  readonly offset: Int32Array;
  readonly values: Uint8Array;
}

/** From a DHT segment: how many codes there are of each length (16 numbers), and their values. */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const quick = new Uint16Array(1 << LOOK);
  const largest = new Int32Array(18).fill(-1);
  const offset = new Int32Array(18);
  let [code, index] = [0, 0];
  for (let length = 1; length <= 16; length++) {
    const count = at(counts, length - 1);
    if (code + count > 1 << length) throw new Error("its tables are damaged");
    offset[length] = index - code;
    for (let i = 0; i < count; i++, code++, index++) {
      if (length > LOOK) continue;
      const first = code << (LOOK - length);
      quick.fill((length << 8) | at(values, index), first, first + (1 << (LOOK - length)));
    }
    if (count > 0) largest[length] = code - 1;
    code <<= 1;
  }
  return { quick, largest, offset, values };
}

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** Where the segment behind a scan begins, whose data begin at `from`: restart markers are among them. */
export function behindScan(bytes: PictureBytes, from: number): number {
  let end = nextMarker(bytes, from);
  while (isRestart(bytes.at(end + 1) ?? 0)) end = nextMarker(bytes, end + 2);
  return end;
}

/** Where the next marker of a scan's data begins, of a restart too; where the file ends if there is none. */
function nextMarker(bytes: PictureBytes, from: number): number {
  let at = from;
  let before = 0;
  for (const piece of bytes.part(from, bytes.length).pieces()) {
    // nothing, or next to it, is passed over at once
    const isPlain = before !== 0xff && !piece.includes(0xff);
    for (let i = 0; !isPlain && i < piece.length; i++) {
      const byte = piece[i] ?? 0;
      if (before === 0xff && byte !== 0 && byte !== 0xff) return at + i - 1;
      before = byte;
    }
    at += piece.length;
  }
  return bytes.length;
}

/** What is held of a scan's bytes: of pictures in many scans all are read at once. */
const WINDOW = 1 << 15;

/** The bits of a scan: stuffed zeros are passed over, a marker ends them. */
export class BitReader {
  private held = 0;
  private count = 0;
  /** Bits that were made up behind the end. */
  private missing = 0;
  /** Bytes that are held, and the position of the first. */
  private window: Uint8Array = new Uint8Array();
  private first = 0;

  constructor(
    private readonly bytes: PictureBytes,
    /** Of the next byte. */
    public position: number,
  ) {}

  /** Takes `length` bits, 0..16, as an unsigned number. */
  bits(length: number): number {
    if (length === 0) return 0;
    if (this.count < length) this.fill();
    this.count -= length;
    return (this.held >>> this.count) & ((1 << length) - 1);
  }

  bit(): number {
    if (this.count < 1) this.fill();
    this.count -= 1;
    return (this.held >>> this.count) & 1;
  }

  /** `length` bits as a coefficient: the lower half are negative (T.81, F.2.2.1). */
  signed(length: number): number {
    if (length === 0) return 0;
    const value = this.bits(length);
    return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
  }

  /** Takes one code. Throws for one that the table lacks. */
  value(table: HuffmanTable): number {
    if (this.count < 16) this.fill();
    const known = table.quick[(this.held >>> (this.count - LOOK)) & ((1 << LOOK) - 1)] ?? 0;
    if (known !== 0) {
      this.count -= known >> 8;
      return known & 255;
    }
    for (let length = LOOK + 1; length <= 16; length++) {
      const code = (this.held >>> (this.count - length)) & ((1 << length) - 1);
      if (code > (table.largest[length] ?? -1)) continue;
      this.count -= length;
      return at(table.values, code + (table.offset[length] ?? 0));
    }
    throw new Error(DAMAGED_PIXELS);
  }

  /** Forgets the rest of the byte, and passes over the restart marker that has to follow. */
  restart(): void {
    this.checkEnd();
    [this.held, this.count, this.missing] = [0, 0, 0];
    this.position = nextMarker(this.bytes, this.position);
    const marker = this.bytes.at(this.position + 1) ?? 0;
    if (!isRestart(marker)) throw new Error(`${CUT_SHORT} or damaged`);
    this.position += 2;
  }

  /** Throws where more bits were taken than there are. */
  checkEnd(): void {
    if (this.missing > this.count)
      throw new Error(`${CUT_SHORT} or damaged: it holds less than its header says`);
  }

  /** At least 16 bits are held afterwards; behind the end they are zeros. */
  private fill(): void {
    while (this.count <= 16) {
      let place = this.position - this.first;
      // the byte behind it is looked at as well
      if (place < 0 || place + 1 >= this.window.length) place = this.hold();
      let byte = this.window[place];
      if (byte === 0xff && this.window[place + 1] !== 0) byte = undefined;
      if (byte === undefined) {
        this.missing += 8;
        // a little is a scan's last code; whoever takes on and on is stopped here
        if (this.missing > 4096) this.checkEnd();
        this.held = this.held << 8;
      } else {
        this.held = (this.held << 8) | byte;
        this.position += byte === 0xff ? 2 : 1;
      }
      this.count += 8;
    }
  }

  /** Holds what begins at the position; returns where in it that is. */
  private hold(): number {
    this.window = this.bytes.slice(this.position, this.position + WINDOW);
    this.first = this.position;
    return 0;
  }
}
