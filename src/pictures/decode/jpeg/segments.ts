import type { PictureBytes } from "../bytes.ts";
import { ascii, CUT_SHORT, MOST_PIECES, TOO_MANY_PIECES, type Size } from "../format.ts";

/** One colour of a JPEG: how densely it is sampled, relative to the others. */
export interface FrameComponent {
  readonly id: number;
  /** Horizontal and vertical sampling factor, 1..15. */
  readonly across: number;
  readonly down: number;
  /** Number of its quantization table. */
  readonly table: number;
}

/** A start-of-frame segment. */
export interface Frame extends Size {
  /** 0xc0 baseline, 0xc1 extended, 0xc2 progressive; others are rare. */
  readonly kind: number;
  /** Bits a sample. */
  readonly precision: number;
  /** 1 gray, 3 YCbCr or RGB, 4 CMYK or YCCK. */
  readonly components: readonly FrameComponent[];
}

/** What a JPEG's headers say, before anything is decoded. */
export interface JpegStructure extends Frame {
  readonly exif: Uint8Array | null;
  /** The ICC profile, put together; null: there is none, or a piece of it is missing. */
  readonly profile: Uint8Array | null;
  /** What Adobe's segment says of the colours: 0 as they are, 1 YCbCr, 2 YCCK; null: there is no such segment. */
  readonly adobe: number | null;
  readonly jfif: boolean;
  /** 8 x 8 blocks of all components together. */
  readonly blocks: number;
}

/** A marker with its data, which begin after the length. */
export interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly length: number;
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const isStandalone = (marker: number): boolean =>
  marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** The marker segments from `offset` on, up to and with the next start of a scan (0xda); an end marker ends them. */
export function* segments(bytes: PictureBytes, offset = 2): Generator<Segment> {
  for (let count = 0; count < MOST_PIECES; count++) {
    const both = bytes.u16(offset);
    if (both >> 8 !== 0xff) throw new Error("its markers are damaged");
    const marker = both & 255;
    if (marker === 0xff) offset += 1;
    else if (isStandalone(marker)) offset += 2;
    else if (marker === 0xd9) return;
    else {
      const length = bytes.u16(offset + 2);
      if (length < 2 || offset + 2 + length > bytes.length) throw new Error(CUT_SHORT);
      yield { marker, start: offset + 4, length: length - 2 };
      if (marker === 0xda) return;
      offset += 2 + length;
    }
  }
  throw new Error(TOO_MANY_PIECES);
}

function frameAt(bytes: PictureBytes, { marker, start }: Segment): Frame {
  const components = Array.from({ length: bytes.u16(start + 4) & 255 }, (_, i) => {
    const from = start + 6 + 3 * i;
    const both = bytes.u16(from);
    const table = bytes.u16(from + 1) & 255;
    return { id: both >> 8, across: (both >> 4) & 15, down: both & 15, table };
  });
  if (components.length === 0 || components.some(({ across, down }) => across === 0 || down === 0))
    throw new Error("its header is damaged");
  return {
    kind: marker,
    precision: bytes.u16(start) >> 8,
    height: bytes.u16(start + 1),
    width: bytes.u16(start + 3),
    components,
  };
}

/** The largest sampling factors of a frame: what the others are relative to. */
export const largestFactors = ({ components }: Frame): { across: number; down: number } => ({
  across: Math.max(...components.map(({ across }) => across)),
  down: Math.max(...components.map(({ down }) => down)),
});

function blocksOf(frame: Frame): number {
  const largest = largestFactors(frame);
  return frame.components.reduce((sum, { across, down }) => {
    const columns = Math.ceil((frame.width * across) / largest.across / 8);
    return sum + columns * Math.ceil((frame.height * down) / largest.down / 8);
  }, 0);
}

/** More scans are not counted. */
const MOST_COUNTED = 10_000;
const START_OF_SCAN = Buffer.from([0xff, 0xda]);

/** How many scans a file has: each is a pass over its blocks. Markers inside of a scan's data are never mistaken: 0xff is stuffed there. */
export function countScans(bytes: PictureBytes): number {
  let scans = 0;
  let isBegun = false;
  for (const piece of bytes.pieces()) {
    if (isBegun && piece[0] === 0xda) scans++;
    isBegun = piece.at(-1) === 0xff;
    const searched = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    for (
      let i = searched.indexOf(START_OF_SCAN);
      i >= 0;
      i = searched.indexOf(START_OF_SCAN, i + 2)
    )
      if (++scans >= MOST_COUNTED) return scans;
  }
  return scans;
}

/** Reads the segments before the first scan. Throws where they are damaged or hold no picture. */
export function jpegStructure(bytes: PictureBytes): JpegStructure {
  let frame: Frame | null = null;
  let exif: Uint8Array | null = null;
  let adobe: number | null = null;
  let jfif = false;
  const pieces = new Map<number, Uint8Array>();
  let count = 0;
  for (const segment of segments(bytes)) {
    const { marker, start, length } = segment;
    const begins = (text: string): boolean =>
      length >= text.length && ascii(bytes, start, start + text.length) === text;
    if (isFrame(marker)) frame ??= frameAt(bytes, segment);
    else if (marker === 0xe0 && begins("JFIF\0")) jfif = true;
    else if (marker === 0xe1 && begins("Exif\0\0")) exif ??= bytes.slice(start + 6, start + length);
    else if (marker === 0xe2 && begins("ICC_PROFILE\0") && length > 14) {
      count = bytes.u16(start + 12) & 255;
      pieces.set(bytes.u16(start + 12) >> 8, bytes.slice(start + 14, start + length));
    } else if (marker === 0xee && begins("Adobe") && length >= 12)
      adobe = bytes.u16(start + 10) & 255;
  }
  if (!frame) throw new Error("it holds no picture");
  const blocks = blocksOf(frame);
  return { ...frame, exif, adobe, jfif, blocks, profile: joined(pieces, count) };
}

/** Pieces are counted from 1. */
function joined(pieces: ReadonlyMap<number, Uint8Array>, count: number): Uint8Array | null {
  const all = Array.from({ length: count }, (_, i) => pieces.get(i + 1));
  return count > 0 && all.every((piece) => piece !== undefined) ? Buffer.concat(all) : null;
}
