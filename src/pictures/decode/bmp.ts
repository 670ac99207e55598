import type { PictureBytes } from "./bytes.ts";
import type { PictureFormat, RowSink } from "./format.ts";
import { viewOf } from "./format.ts";

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly pixels: number;
  readonly palette: number;
}

/** Windows bitmap without compression: 8 (palette), 24 and 32 bits a pixel; a fourth byte is not read as alpha. */
export const bmp: PictureFormat = {
  name: "BMP",
  matches: (bytes) => bytes.at(0) === 0x42 && bytes.at(1) === 0x4d && bytes.length >= 26,
  size: header,
  judge,
  decode,
};

function header(bytes: PictureBytes): BmpHeader {
  const view = viewOf(bytes.slice(0, 54));
  const infoBytes = view.getUint32(14, true);
  if (infoBytes < 40) throw new Error("its header is of a kind that is not read");
  const height = view.getInt32(22, true);
  const compression = view.getUint32(30, true);
  const bits = view.getUint16(28, true);
  if (![8, 24, 32].includes(bits) || (compression !== 0 && !(compression === 3 && bits === 32)))
    throw new Error("only uncompressed bitmaps of 8, 24 or 32 bits are read");
  return {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    pixels: view.getUint32(10, true),
    palette: 14 + infoBytes,
  };
}

/** Where a row of pixels and all of them end is known beforehand. */
const strideOf = ({ width, bits }: BmpHeader): number => Math.ceil((width * bits) / 32) * 4;

function judge(bytes: PictureBytes): void {
  const found = header(bytes);
  if (found.pixels + strideOf(found) * found.height > bytes.length) throw new RangeError();
}

function decode(bytes: PictureBytes, rows: RowSink): readonly string[] {
  const found = header(bytes);
  const { width, height, topDown, bits, pixels, palette } = found;
  const stride = strideOf(found);
  const rgba = new Uint8Array(width * 4);
  const colours = bits === 8 ? bytes.slice(palette, palette + 4 * 256) : null;
  for (let y = 0; y < height; y++) {
    if (!rows.wants(y)) continue;
    const start = pixels + stride * (topDown ? y : height - 1 - y);
    const line = bytes.slice(start, start + stride);
    for (let x = 0; x < width; x++) {
      const at = (x * bits) / 8;
      const [of, from] = colours ? [colours, 4 * (line[at] ?? 0)] : [line, at];
      rgba[4 * x] = of[from + 2] ?? 0;
      rgba[4 * x + 1] = of[from + 1] ?? 0;
      rgba[4 * x + 2] = of[from] ?? 0;
      rgba[4 * x + 3] = 255;
    }
    rows.take(y, rgba);
  }
  return [];
}
