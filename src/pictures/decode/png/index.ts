import { exifOrientation } from "../exif.ts";
import { joined, type Packed, type PictureBytes } from "../bytes.ts";
import { viewOf, type PictureFormat, type RowSink } from "../format.ts";
import { inEightBits, ROUNDED_NOTE, spread } from "../samples.ts";
import { isPng, pngChunk, pngChunks, pngHeader, type PngHeader } from "./chunks.ts";
import { pngColours } from "./colours.ts";
import { eachScanline } from "./scanlines.ts";

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface PngParts {
  readonly header: PngHeader;
  readonly compressed: Packed;
  readonly palette: Uint8Array | null;
  readonly transparency: Uint8Array | null;
}

/** PNG of every colour type and depth (16 bits are rounded to 8), interlaced too. */
export const png: PictureFormat = {
  name: "PNG",
  matches: isPng,
  size: pngHeader,
  orientation: (bytes) => exifOrientation(pngChunk(bytes, "eXIf")),
  colours: pngColours,
  decode: (bytes, rows) => decode(readParts(bytes), rows),
};

function readParts(bytes: PictureBytes): PngParts {
  const idat: Packed[] = [];
  let palette: Uint8Array | null = null;
  let transparency: Uint8Array | null = null;
  for (const { type, content, data } of pngChunks(bytes)) {
    if (type === "IDAT") idat.push(content);
    else if (type === "PLTE") palette = data();
    else if (type === "tRNS") transparency = data();
  }
  if (idat.length === 0) throw new Error("it holds no pixels");
  return { header: pngHeader(bytes), compressed: joined(idat), palette, transparency };
}

async function decode(parts: PngParts, rows: RowSink): Promise<readonly string[]> {
  const { header } = parts;
  const { width, depth, colour } = header;
  const samplesPerPixel = SAMPLES[colour] ?? 1;
  const samples = new Uint16Array(width * samplesPerPixel);
  const rgba = new Uint8Array(width * 4);
  const paint = painter(parts);
  await eachScanline(header, parts.compressed, samplesPerPixel, (line, pass, i) => {
    const y = pass.y0 + i * pass.dy;
    if (!rows.wants(y)) return;
    spread(line, depth, samples);
    for (let x = 0; x < pass.width; x++) paint(samples, x * samplesPerPixel, rgba, x * 4);
    rows.take(y, rgba.subarray(0, pass.width * 4), { first: pass.x0, step: pass.dx });
  });
  return depth === 16 ? [ROUNDED_NOTE] : [];
}

type Painter = (samples: Uint16Array, from: number, rgba: Uint8Array, to: number) => void;

function painter({ header, palette, transparency }: PngParts): Painter {
  const { colour, depth } = header;
  if (colour === 3) return palettePainter(palette, transparency);
  const to8 = inEightBits(depth);
  const colours = colour === 2 || colour === 6 ? 3 : 1;
  const [second, third] = colours === 3 ? [1, 2] : [0, 0];
  const hasAlpha = colour >= 4;
  const key = transparency ? keyOf(transparency, colours) : null;
  return (samples, from, rgba, to) => {
    rgba[to] = to8[samples[from] ?? 0] ?? 0;
    rgba[to + 1] = to8[samples[from + second] ?? 0] ?? 0;
    rgba[to + 2] = to8[samples[from + third] ?? 0] ?? 0;
    rgba[to + 3] = hasAlpha ? (to8[samples[from + colours] ?? 0] ?? 0) : 255;
    if (key?.every((k, i) => samples[from + i] === k)) rgba[to + 3] = 0;
  };
}

/** The one colour that is transparent, in samples as stored. */
function keyOf(transparency: Uint8Array, colours: number): number[] {
  const view = viewOf(transparency);
  return Array.from({ length: colours }, (_, i) => view.getUint16(2 * i));
}

function palettePainter(palette: Uint8Array | null, alpha: Uint8Array | null): Painter {
  if (!palette) throw new Error("its palette is missing");
  return (samples, from, rgba, to) => {
    const entry = samples[from] ?? 0;
    rgba[to] = palette[3 * entry] ?? 0;
    rgba[to + 1] = palette[3 * entry + 1] ?? 0;
    rgba[to + 2] = palette[3 * entry + 2] ?? 0;
    rgba[to + 3] = alpha?.[entry] ?? 255;
  };
}
