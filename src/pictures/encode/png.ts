import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const COLOUR = { 1: 0, 3: 2, 4: 6 } as const;

/** Encodes 8-bit pixels, [height, width, channels] row-major, as PNG: 1 gray, 3 RGB, 4 RGBA. */
export function encodePng(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
): Uint8Array {
  const line = width * channels;
  if (pixels.length !== line * height)
    throw new RangeError(`${pixels.length} bytes do not fill ${width} x ${height} x ${channels}`);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOUR[channels]], 8);
  // every line begins with its filter: none
  const lines = new Uint8Array((line + 1) * height);
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * line, (y + 1) * line), y * (line + 1) + 1);
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(lines)), chunk("IEND", NOTHING)];
  return new Uint8Array(Buffer.concat([SIGNATURE, ...parts]));
}

const NOTHING = Buffer.alloc(0);

/** Length, type, data, and the checksum of the last two. */
function chunk(type: string, data: Uint8Array): Buffer {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, "latin1");
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, data.length + 8)), data.length + 8);
  return whole;
}
