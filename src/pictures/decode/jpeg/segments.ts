import { at } from "../../../base/at.ts";
import { ascii, CUT_SHORT, viewOf, type Size } from "../format.ts";

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
export function* segments(bytes: Uint8Array, offset = 2): Generator<Segment> {
  const view = viewOf(bytes);
  for (;;) {
    if (view.getUint8(offset) !== 0xff) throw new Error("its markers are damaged");
    const marker = view.getUint8(offset + 1);
    if (marker === 0xff) offset += 1;
    else if (isStandalone(marker)) offset += 2;
    else if (marker === 0xd9) return;
    else {
      const length = view.getUint16(offset + 2);
      if (length < 2 || offset + 2 + length > bytes.length) throw new Error(CUT_SHORT);
      yield { marker, start: offset + 4, length: length - 2 };
      if (marker === 0xda) return;
      offset += 2 + length;
    }
  }
}

function frameAt(view: DataView, { marker, start }: Segment): Frame {
  const components = Array.from({ length: view.getUint8(start + 5) }, (_, i) => {
    const from = start + 6 + 3 * i;
    const packed = view.getUint8(from + 1);
    const table = view.getUint8(from + 2);
    return { id: view.getUint8(from), across: packed >> 4, down: packed & 15, table };
  });
  if (components.length === 0 || components.some(({ across, down }) => across === 0 || down === 0))
    throw new Error("its header is damaged");
  return {
    kind: marker,
    precision: view.getUint8(start),
    height: view.getUint16(start + 1),
    width: view.getUint16(start + 3),
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

/** How many scans a file has: each is a pass over its blocks. Markers inside of a scan's data are never mistaken: 0xff is stuffed there. */
export function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let i = bytes.indexOf(0xff); i >= 0; i = bytes.indexOf(0xff, i + 1))
    if (bytes[i + 1] === 0xda) scans++;
  return scans;
}

/** Reads the segments before the first scan. Throws where they are damaged or hold no picture. */
export function jpegStructure(bytes: Uint8Array): JpegStructure {
  const view = viewOf(bytes);
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
    if (isFrame(marker)) frame ??= frameAt(view, segment);
    else if (marker === 0xe0 && begins("JFIF\0")) jfif = true;
    else if (marker === 0xe1 && begins("Exif\0\0"))
      exif ??= bytes.subarray(start + 6, start + length);
    else if (marker === 0xe2 && begins("ICC_PROFILE\0") && length > 14) {
      count = at(bytes, start + 13);
      pieces.set(at(bytes, start + 12), bytes.subarray(start + 14, start + length));
    } else if (marker === 0xee && begins("Adobe") && length >= 12) adobe = at(bytes, start + 11);
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
