import { at } from "../../../base/at.ts";
import type { PictureBytes } from "../bytes.ts";
import { viewOf } from "../format.ts";
import { blockReader, ZIGZAG, type Coding, type ReadBlock } from "./blocks.ts";
import { BitReader, huffmanTable, type HuffmanTable } from "./huffman.ts";
import { planeOf, type Plane } from "./planes.ts";
import type { Segment } from "./segments.ts";

/** Tables and settings as the segments so far have set them. */
export class Tables {
  /** Quantization, in row order. */
  readonly quantization: (Uint16Array | undefined)[] = [];
  private readonly dc: (HuffmanTable | undefined)[] = [];
  private readonly ac: (HuffmanTable | undefined)[] = [];
  /** MCUs between restart markers; 0: there are none. */
  interval = 0;

  /** Takes in a DQT, DHT or DRI segment; passes over others. */
  take(bytes: PictureBytes, { marker, start, length }: Segment): void {
    const data = bytes.slice(start, start + length);
    if (marker === 0xdb) this.takeQuantization(data);
    else if (marker === 0xc4) this.takeHuffman(data);
    else if (marker === 0xdd) this.interval = viewOf(data).getUint16(0);
  }

  private takeQuantization(data: Uint8Array): void {
    const view = viewOf(data);
    for (let i = 0; i < data.length;) {
      const packed = at(data, i++);
      const wide = packed >> 4 !== 0;
      const table = new Uint16Array(64);
      for (let k = 0; k < 64; k++, i += wide ? 2 : 1)
        table[at(ZIGZAG, k)] = wide ? view.getUint16(i) : view.getUint8(i);
      this.quantization[packed & 3] = table;
    }
  }

  private takeHuffman(data: Uint8Array): void {
    for (let i = 0; i < data.length;) {
      const packed = at(data, i);
      const counts = data.subarray(i + 1, i + 17);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const values = data.subarray(i + 17, i + 17 + total);
      (packed >> 4 === 0 ? this.dc : this.ac)[packed & 3] = huffmanTable(counts, values);
      i += 17 + total;
    }
  }

  coding(packed: number): Coding {
    return { dc: this.dc[packed >> 4], ac: this.ac[packed & 15], predicted: 0 };
  }
}

/** One pass over the blocks of some planes, which is read strip by strip: a strip is a row of MCUs. */
export class Scan {
  /** Indices of its planes. */
  readonly planes: readonly number[];
  private readonly codings: readonly Coding[];
  private readonly bits: BitReader;
  private readonly state = { endOfBand: 0 };
  private readonly read: ReadBlock;
  /** MCUs between restart markers, and how many are left before the next. */
  private readonly interval: number;
  private left: number;

  constructor(
    bytes: PictureBytes,
    { start, length }: Segment,
    private readonly all: readonly Plane[],
    /** MCUs of a strip. */
    private readonly across: number,
    tables: Tables,
    progressive: boolean,
  ) {
    const view = viewOf(bytes.slice(start, start + length));
    const count = view.getUint8(0);
    const members = Array.from({ length: count }, (_, i) => view.getUint16(1 + 2 * i));
    this.planes = members.map((member) => planeOf(all, member >> 8));
    this.codings = members.map((member) => tables.coding(member & 255));
    if (count === 0 || new Set(this.planes).size < count) throw new Error("its header is damaged");
    const [from, to, packed] = [1, 2, 3].map((i) => view.getUint8(2 * count + i));
    const scan = {
      from: from ?? 0,
      to: to ?? 0,
      high: (packed ?? 0) >> 4,
      low: (packed ?? 0) & 15,
    };
    if (
      progressive &&
      (scan.to > 63 || scan.from > scan.to || scan.low > 13 || (scan.from > 0 && count > 1))
    )
      throw new Error("its header is damaged");
    this.bits = new BitReader(bytes, start + length);
    this.read = blockReader(this.bits, progressive, scan, this.state);
    this.interval = this.left = tables.interval;
  }

  /** Reads its part of strip number `strip`, which is the one after the last that was read, into `blocks` (by plane), which hold one strip. */
  strip(strip: number, blocks: readonly Int16Array[]): void {
    if (this.planes.length === 1) this.blockRows(strip, blocks);
    else for (let mcu = 0; mcu < this.across; mcu++) this.mcu(mcu, blocks);
  }

  private mcu(mcu: number, blocks: readonly Int16Array[]): void {
    this.next();
    this.planes.forEach((index, i) => {
      const { across, down, stride } = at(this.all, index);
      const [target, coding] = [at(blocks, index), at(this.codings, i)];
      for (let row = 0; row < down; row++)
        for (let column = 0; column < across; column++)
          this.read(target, 64 * (row * stride + mcu * across + column), coding);
    });
  }

  /** Of one plane alone only the blocks are there that hold pixels. */
  private blockRows(strip: number, blocks: readonly Int16Array[]): void {
    const index = at(this.planes, 0);
    const { columns, rows, stride, down } = at(this.all, index);
    const [target, coding] = [at(blocks, index), at(this.codings, 0)];
    for (let row = 0; row < Math.min(down, rows - strip * down); row++)
      for (let column = 0; column < columns; column++) {
        this.next();
        this.read(target, 64 * (row * stride + column), coding);
      }
  }

  /** To be called when all strips were read. Throws where it holds less than them. */
  end(): void {
    this.bits.checkEnd();
  }

  /** Before each MCU: the restart that may be due. */
  private next(): void {
    if (this.interval === 0) return;
    if (this.left === 0) {
      this.bits.restart();
      for (const coding of this.codings) coding.predicted = 0;
      this.state.endOfBand = 0;
      this.left = this.interval;
    }
    this.left--;
  }
}
