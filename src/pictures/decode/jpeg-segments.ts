import { ascii, CUT_SHORT, viewOf } from "./format.ts";

export interface JpegStructure {
  readonly width: number;
  readonly height: number;
  /** 1 gray, 3 YCbCr or RGB, 4 CMYK or YCCK. */
  readonly components: number;
  readonly exif: Uint8Array | null;
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

export function jpegStructure(bytes: Uint8Array): JpegStructure {
  const view = viewOf(bytes);
  let frame: { width: number; height: number; components: number } | null = null;
  let exif: Uint8Array | null = null;
  for (const [marker, start, length] of segments(bytes)) {
    if (isFrame(marker))
      frame ??= {
        height: view.getUint16(start + 1),
        width: view.getUint16(start + 3),
        components: view.getUint8(start + 5),
      };
    else if (marker === 0xe1 && ascii(bytes, start, start + 6) === "Exif\0\0")
      exif ??= bytes.subarray(start + 6, start + length);
  }
  if (!frame) throw new Error("it holds no picture");
  return { ...frame, exif };
}
