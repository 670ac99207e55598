import { at } from "../../../base/at.ts";
import { DAMAGED_PIXELS } from "../format.ts";
import type { BitReader, HuffmanTable } from "./huffman.ts";

/** Where coefficient k of the zigzag order lies in a block (T.81, figure A.6). */
export const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48],
  ...[41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23],
  ...[30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);

/** What one scan says of the coefficients that it brings: which of the zigzag order, and which of their bits. */
export interface ScanBits {
  readonly from: number;
  readonly to: number;
  /** The bit that came last (0: this is the first scan of them), and the bit that comes now. */
  readonly high: number;
  readonly low: number;
}

/** What goes from one block to the next of a scan. */
export interface ScanState {
  /** Blocks that still have no more coefficients in this band. */
  endOfBand: number;
}

/** The tables and the last DC coefficient of a component in a scan. */
export interface Coding {
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
  predicted: number;
}

/** Reads what a scan has of one block, into `block` at `start`. */
export type ReadBlock = (block: Int16Array, start: number, coding: Coding) => void;

/** How a scan's blocks are coded. */
export function blockReader(
  bits: BitReader,
  progressive: boolean,
  scan: ScanBits,
  state: ScanState,
): ReadBlock {
  if (!progressive)
    return (block, start, coding) => {
      baseline(bits, block, start, coding);
    };
  if (scan.from === 0)
    return scan.high === 0
      ? (block, start, coding) => {
          coding.predicted += bits.signed(dcLength(bits, coding));
          block[start] = coding.predicted << scan.low;
        }
      : (block, start) => {
          if (bits.bit() === 1) block[start] = (block[start] ?? 0) | (1 << scan.low);
        };
  const band = scan.high === 0 ? firstBand : nextBand;
  return (block, start, coding) => {
    band(bits, block, start, coding, scan, state);
  };
}

/** How a scan's part of a block is read, of some AC coefficients of a progressive picture. */
type ReadBand = (
  bits: BitReader,
  block: Int16Array,
  start: number,
  coding: Coding,
  scan: ScanBits,
  state: ScanState,
) => void;

function dcLength(bits: BitReader, { dc }: Coding): number {
  if (!dc) throw new Error(DAMAGED_PIXELS);
  const length = bits.value(dc);
  if (length > 15) throw new Error(DAMAGED_PIXELS);
  return length;
}

function baseline(bits: BitReader, block: Int16Array, start: number, coding: Coding): void {
  coding.predicted += bits.signed(dcLength(bits, coding));
  block[start] = coding.predicted;
  const { ac } = coding;
  if (!ac) throw new Error(DAMAGED_PIXELS);
  for (let k = 1; k < 64; k++) {
    const code = bits.value(ac);
    const length = code & 15;
    if (length === 0) {
      if (code !== 0xf0) return;
      k += 15;
      continue;
    }
    k += code >> 4;
    if (k > 63) throw new Error(DAMAGED_PIXELS);
    block[start + (ZIGZAG[k] ?? 0)] = bits.signed(length);
  }
}

/** The first scan of a band of AC coefficients (T.81, G.1.2.2). */
const firstBand: ReadBand = (bits, block, start, { ac }, { from, to, low }, state) => {
  if (state.endOfBand > 0) {
    state.endOfBand--;
    return;
  }
  if (!ac) throw new Error(DAMAGED_PIXELS);
  for (let k = from; k <= to; k++) {
    const code = bits.value(ac);
    const [run, length] = [code >> 4, code & 15];
    if (length === 0) {
      if (run < 15) {
        state.endOfBand = (1 << run) - 1 + bits.bits(run);
        return;
      }
      k += 15;
      continue;
    }
    k += run;
    if (k > 63) throw new Error(DAMAGED_PIXELS);
    block[start + at(ZIGZAG, k)] = bits.signed(length) << low;
  }
};

/** A later scan: one more bit of the coefficients that are there, and some that begin (T.81, G.1.2.3). */
const nextBand: ReadBand = (bits, block, start, { ac }, { from, to, low }, state) => {
  const one = 1 << low;
  const refine = (place: number): void => {
    const value = block[place] ?? 0;
    if (bits.bit() === 1 && (Math.abs(value) & one) === 0)
      block[place] = value + Math.sign(value) * one;
  };
  if (!ac) throw new Error(DAMAGED_PIXELS);
  let k = from;
  while (k <= to && state.endOfBand === 0) {
    const code = bits.value(ac);
    let run = code >> 4;
    let fresh = 0;
    if ((code & 15) !== 0) fresh = bits.bit() === 1 ? one : -one;
    else if (run < 15) {
      state.endOfBand = (1 << run) + bits.bits(run);
      break;
    }
    for (; k <= to; k++) {
      const place = start + at(ZIGZAG, k);
      if (block[place] !== 0) refine(place);
      else if (run-- === 0) {
        if (fresh !== 0) block[place] = fresh;
        k++;
        break;
      }
    }
  }
  if (state.endOfBand === 0) return;
  for (; k <= to; k++) {
    const place = start + at(ZIGZAG, k);
    if (block[place] !== 0) refine(place);
  }
  state.endOfBand--;
};
