import { ascii, CUT_SHORT, viewOf } from "./format.ts";

/** What a JPEG's headers say, before anything is decoded. */
export interface JpegStructure {
  readonly width: number;
  readonly height: number;
  /** 1 gray, 3 YCbCr or RGB, 4 CMYK or YCCK. */
  readonly components: number;
  readonly exif: Uint8Array | null;
  /** 8 x 8 blocks of all components together. */
  readonly blocks: number;
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const isStandalone = (marker: number): boolean =>
  marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** The marker segments before the first scan: [marker, start of its data, its length]. */
function* segments(bytes: Uint8Array): Generator<readonly [number, number, number]> {
  const view = viewOf(bytes);
  for (let offset = 2; ;) {
    if (view.getUint8(offset) !== 0xff) throw new Error("its markers are damaged");
    const marker = view.getUint8(offset + 1);
    if (marker === 0xff) offset += 1;
    else if (isStandalone(marker)) offset += 2;
    else if (marker === 0xda || marker === 0xd9) return;
    else {
      const length = view.getUint16(offset + 2);
      if (offset + 2 + length > bytes.length) throw new Error(CUT_SHORT);
      yield [marker, offset + 4, length - 2];
      offset += 2 + length;
    }
  }
}

function frameAt(view: DataView, start: number): Omit<JpegStructure, "exif"> {
  const [height, width] = [view.getUint16(start + 1), view.getUint16(start + 3)];
  const components = view.getUint8(start + 5);
  const factors = Array.from({ length: components }, (_, i) => {
    const packed = view.getUint8(start + 7 + 3 * i);
    return { across: packed >> 4, down: packed & 15 };
  });
  const [across, down] = [
    Math.max(...factors.map((factor) => factor.across)),
    Math.max(...factors.map((factor) => factor.down)),
  ];
  if (factors.some((factor) => factor.across === 0 || factor.down === 0))
    throw new Error("its header is damaged");
  const blocks = factors.reduce((sum, factor) => {
    const columns = Math.ceil((width * factor.across) / across / 8);
    return sum + columns * Math.ceil((height * factor.down) / down / 8);
  }, 0);
  return { width, height, components, blocks };
}

/** How many scans a file has: each is a pass over its blocks. Markers inside of a scan's data are never mistaken: 0xff is stuffed there. */
export function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1))
    if (bytes[at + 1] === 0xda) scans++;
  return scans;
}

/** Reads the segments before the first scan. Throws where they are damaged or hold no picture. */
export function jpegStructure(bytes: Uint8Array): JpegStructure {
  const view = viewOf(bytes);
  let frame: Omit<JpegStructure, "exif"> | null = null;
  let exif: Uint8Array | null = null;
  for (const [marker, start, length] of segments(bytes)) {
    if (isFrame(marker)) frame ??= frameAt(view, start);
    else if (marker === 0xe1 && ascii(bytes, start, start + 6) === "Exif\0\0")
      exif ??= bytes.subarray(start + 6, start + length);
  }
  if (!frame) throw new Error("it holds no picture");
  return { ...frame, exif };
}
