/** Pictures that want much for little: small files that promise, repeat, lie or never end. All of them are to be refused. */
import { readFileSync } from "node:fs";
import { deflateSync, gunzipSync } from "node:zlib";
import type { PictureKind } from "../../../../src/shared/picture-kinds.ts";

const seed = (name: string): Buffer => readFileSync(new URL(`../files/${name}`, import.meta.url));
const le = (width: 2 | 3 | 4, ...values: readonly number[]): Buffer => {
  const out = Buffer.alloc(width * values.length);
  values.forEach((value, i) => out.writeUIntLE(value, i * width, width));
  return out;
};

/** One colour, 9,999 x 9,999, as libwebp writes it. */
const SOLID_WEBP = "UklGRh4AAABXRUJQVlA4TBEAAAAvDqfDCQdQiirUo/+BiOh/AAA=";

function png(
  width: number,
  height: number,
  depth: number,
  chunks: readonly (readonly [string, Uint8Array])[],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 0], 8);
  const parts = [["IHDR", header] as const, ...chunks, ["IEND", Buffer.alloc(0)] as const];
  const whole = parts.flatMap(([type, data]) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return [length, Buffer.from(type), data, Buffer.alloc(4)];
  });
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...whole]);
}
const zeros = (count: number): Buffer => deflateSync(Buffer.alloc(count), { level: 9 });

/** A JPEG's frame of another size and other components: [id, factors, table] each. */
function jpegFrame(
  name: string,
  width: number,
  height: number,
  factors?: readonly number[],
): Buffer {
  const copy = Buffer.from(seed(name));
  const frame = copy.findIndex((byte, i) => byte === 0xff && ((copy[i + 1] ?? 0) | 2) === 0xc2);
  copy.writeUInt16BE(height, frame + 5);
  copy.writeUInt16BE(width, frame + 7);
  factors?.forEach((packed, i) => copy.writeUInt8(packed, frame + 11 + 3 * i));
  return copy;
}
function manyScans(name: string, count: number): Buffer {
  const whole = seed(name);
  const last = whole.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = whole.subarray(last, whole.length - 2);
  return Buffer.concat([
    whole.subarray(0, -2),
    ...Array.from({ length: count }, () => scan),
    whole.subarray(-2),
  ]);
}

function gif(
  width: number,
  height: number,
  frame: readonly [number, number],
  pixels: Uint8Array,
): Buffer {
  const head = Buffer.concat([
    Buffer.from("GIF89a"),
    le(2, width, height),
    Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
  ]);
  const image = Buffer.concat([Buffer.from([0x2c]), le(2, 0, 0, ...frame), Buffer.from([0, 2])]);
  const blocks = Array.from({ length: Math.ceil(pixels.length / 255) }, (_, i) => {
    const block = pixels.subarray(i * 255, (i + 1) * 255);
    return Buffer.concat([Buffer.from([block.length]), block]);
  });
  return Buffer.concat([head, image, ...blocks, Buffer.from([0, 0x3b])]);
}

type Entry = readonly [tag: number, type: 3 | 4, ...values: number[]];
/** A TIFF of these tags; `data` lies from byte 8 on, `next` is where the next directory is said to be. */
function tiff(entries: readonly Entry[], data: Uint8Array, next = 0): Buffer {
  const arrays: Buffer[] = [];
  let free = 8 + data.length;
  const rows = entries.map(([tag, type, ...values]) => {
    const packed = le(type === 3 ? 2 : 4, ...values);
    if (packed.length <= 4)
      return Buffer.concat([
        le(2, tag, type),
        le(4, values.length),
        packed,
        Buffer.alloc(4 - packed.length),
      ]);
    arrays.push(packed);
    free += packed.length;
    return Buffer.concat([le(2, tag, type), le(4, values.length, free - packed.length)]);
  });
  return Buffer.concat([
    Buffer.from("II*\0"),
    le(4, free),
    data,
    ...arrays,
    le(2, rows.length),
    ...rows,
    le(4, next),
  ]);
}
const gray = (width: number, height: number, compression: number): Entry[] => [
  ...[[256, 4, width] as const, [257, 4, height] as const, [258, 3, 8] as const],
  ...[[259, 3, compression] as const, [262, 3, 1] as const],
];
function bigTiff(): Buffer {
  const whole = tiff([...gray(4, 4, 1), [273, 4, 8], [279, 4, 16]], Buffer.alloc(16));
  whole.write("II+\0", 0, "latin1");
  return whole;
}

function movingWebp(frames: number): Buffer {
  const still = seed("lossless.webp").subarray(12);
  const frame = Buffer.concat([le(3, 0, 0, 16382, 16382, 10), Buffer.from([0]), still]);
  const chunk = (type: string, data: Buffer): Buffer =>
    Buffer.concat([Buffer.from(type), le(4, data.length), data, Buffer.alloc(data.length % 2)]);
  const body = Buffer.concat([
    Buffer.from("WEBP"),
    chunk("VP8X", Buffer.concat([Buffer.from([2, 0, 0, 0]), le(3, 5999, 5999)])),
    chunk("ANIM", Buffer.alloc(6)),
    ...Array.from({ length: frames }, () => chunk("ANMF", frame)),
  ]);
  return Buffer.concat([Buffer.from("RIFF"), le(4, body.length), body]);
}

/** The beginning of a lossless WebP of so many bytes. */
function webpOf(width: number, height: number, length: number): Buffer {
  const data = Buffer.alloc(5, 0x2f);
  data.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  return Buffer.concat([
    ...[Buffer.from("RIFF"), le(4, length - 8), Buffer.from("WEBPVP8L"), le(4, length - 20), data],
  ]);
}

function bmp(width: number, height: number): Buffer {
  const head = Buffer.alloc(54);
  head.write("BM");
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(24, 28);
  return head;
}

const MILLION = 1e6;

/** A file of so many bytes, of which only the first, and the last, are written: it takes no place on the disk. */
export interface Sparse {
  readonly length: number;
  readonly head: Uint8Array;
  readonly tail?: Uint8Array;
}
type Refused = readonly [what: string, make: () => Sparse, says: RegExp];

/** As large as a picture's file may be. */
const HUGE = 790 * MILLION;
const sparse = (head: Uint8Array, tail: Uint8Array = Buffer.alloc(0)): Sparse => ({
  ...{ length: HUGE, head, tail },
});
/** The beginning of a PNG of 100 megapixels in four colours of 16 bits, and its end. */
const wholePng = (): readonly [head: Buffer, end: Buffer] => {
  const whole = png(10_000, 9999, 16, []);
  whole.writeUInt8(6, 25);
  return [whole.subarray(0, -12), whole.subarray(-12)];
};
const chunkHead = (type: string, length: number): Buffer => {
  const head = Buffer.alloc(8, type);
  head.writeUInt32BE(length);
  head.write(type, 4);
  return head;
};
function pngOf(type: string): Sparse {
  const [head, end] = wholePng();
  const length = HUGE - head.length - end.length - 12;
  return sparse(Buffer.concat([head, chunkHead(type, length)]), end);
}
const lossless = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from("RIFF"), le(4, HUGE - 8), Buffer.from("WEBP"), ...chunks]);
const inWebp = (type: string, length: number): Buffer =>
  Buffer.concat([Buffer.from(type), le(4, length)]);
const extended = Buffer.concat([inWebp("VP8X", 10), Buffer.alloc(4), le(3, 9999, 9998)]);
const deep = (...entries: readonly Entry[]): Buffer =>
  tiff(
    [
      ...[[256, 4, 10_000] as const, [257, 4, 9999] as const, [258, 3, 16, 16, 16, 16] as const],
      ...[[262, 3, 2] as const, [277, 3, 4] as const, ...entries],
    ],
    Buffer.alloc(0),
  );
const strip = (compression: number, offset: number, length: number): Buffer =>
  deep([259, 3, compression], [273, 4, offset], [279, 4, length]);

/** By kind of picture: files of 790 MB that begin as a picture does and are none. A kind that is new has to be tried as well. */
export const SPARSE: Readonly<Record<PictureKind, readonly Refused[]>> = {
  PNG: [
    ["nothing behind its header", () => sparse(wholePng()[0]), /chunks are damaged/],
    ["pixels of nothing", () => pngOf("IDAT"), /compressed pixels are damaged/],
    ["a profile and no pixels", () => pngOf("iCCP"), /holds no pixels/],
  ],
  JPEG: [
    [
      "nothing behind its first bytes",
      () => sparse(seed("cmyk.jpg").subarray(0, 4)),
      /cut short|damaged/,
    ],
    [
      "scans of nothing",
      () => sparse(jpegFrame("cmyk-scans-0.jpg", 10_000, 9999).subarray(0, -2)),
      /drawn in \d+ passes/,
    ],
    [
      "one colour of nothing",
      () => sparse(jpegFrame("progressive.jpg", 10_000, 9999).subarray(0, -2)),
      /damaged|cut short|less than/,
    ],
    [
      "few pixels",
      () => sparse(jpegFrame("baseline.jpg", 10, 10).subarray(0, -2)),
      /790 MB are more than 10 x 10 pixels can take/,
    ],
  ],
  WebP: [
    [
      "pixels of nothing",
      () => sparse(lossless(extended, inWebp("VP8L", HUGE - 38))),
      /its 790 MB are held while it is decoded/,
    ],
    [
      "as many pixels of nothing as there may be",
      () => ({ length: 150 * MILLION, head: webpOf(9999, 9999, 150 * MILLION) }),
      /damaged/,
    ],
    [
      "a profile and no pixels",
      () => sparse(lossless(extended, inWebp("ICCP", HUGE - 38))),
      /holds no pixels/,
    ],
    [
      "nothing behind its header",
      () => sparse(lossless(extended)),
      /holds no pixels|too many pieces/,
    ],
  ],
  GIF: [
    [
      "a frame of nothing",
      () => sparse(gif(10_000, 9999, [10_000, 9999], Buffer.alloc(0))),
      /cut short/,
    ],
    [
      "nothing behind its header",
      () => sparse(gif(10_000, 9999, [1, 1], Buffer.alloc(0)).subarray(0, 19)),
      /holds no frame/,
    ],
    [
      "few pixels",
      () => sparse(gif(10, 10, [10, 10], Buffer.alloc(0))),
      /790 MB are more than 10 x 10 pixels can take/,
    ],
  ],
  TIFF: [
    [
      "one strip that is not packed",
      () => sparse(strip(8, 4096, HUGE - 4096)),
      /pixels are damaged/,
    ],
    ["a strip behind its end", () => sparse(strip(1, HUGE + 1, 1000)), /cut short/],
    [
      "no directory",
      () => sparse(Buffer.concat([Buffer.from("II*\0"), le(4, HUGE - 100)])),
      /bits|pixels|damaged/,
    ],
    ["a profile of all of it", () => sparse(deep([34675, 4, 4096, 4096])), /damaged|cut short/],
    [
      "few pixels",
      () => sparse(tiff([...gray(10, 10, 1), [273, 4, 8], [279, 4, 100]], Buffer.alloc(0))),
      /more than 10 x 10/,
    ],
  ],
  BMP: [
    ["few pixels", () => sparse(bmp(10, 10)), /790 MB are more than 10 x 10 pixels can take/],
    [
      "more pixels than it holds",
      () => ({ length: 100 * MILLION, head: bmp(9999, 9999) }),
      /cut short/,
    ],
  ],
};
/** And one that is of no kind. */
export const NO_PICTURE: Refused = [
  "790 MB of nothing",
  () => sparse(Buffer.alloc(0)),
  /is not a picture that ConvLens reads/,
];

/** By what is wrong: how the file is made, and what the refusal says. */
export const HOSTILE: Readonly<Record<string, readonly [make: () => Uint8Array, says: RegExp]>> = {
  "JPEG, four colours, 100 megapixels in 1 KB": [
    () => jpegFrame("cmyk-444.jpg", 10000, 9999),
    /less than its header says/,
  ],
  "JPEG, 65,535 x 65,535": [() => jpegFrame("cmyk-444.jpg", 65535, 65535), /4295 megapixels/],
  "JPEG of 3,000 scans": [() => manyScans("progressive.jpg", 3000), /drawn in \d+ passes/],
  "JPEG, four colours of 3,000 scans": [
    () => manyScans("cmyk-scans-0.jpg", 3000),
    /drawn in \d+ passes/,
  ],
  "JPEG, four colours that goes on with zeros": [
    () => Buffer.concat([jpegFrame("cmyk-scans-0.jpg", 4000, 3000), Buffer.alloc(MILLION)]),
    /damaged|cut short/,
  ],
  "JPEG, progressive, 100 megapixels that goes on with zeros": [
    () =>
      Buffer.concat([
        jpegFrame("progressive.jpg", 10000, 9999).subarray(0, -2),
        Buffer.alloc(MILLION),
      ]),
    /damaged|cut short|less than/,
  ],
  "JPEG, sampled 4 to 3": [
    () => jpegFrame("cmyk-444.jpg", 19, 18, [0x41, 0x31, 0x31, 0x41]),
    /odd way \(4x1 to 3x1\)/,
  ],
  "PNG, 100 megapixels that end too early": [
    () => png(10000, 9999, 8, [["IDAT", zeros(40 * MILLION)]]),
    /fewer pixels|cut short/,
  ],
  "PNG that inflates to more than it says": [
    () => png(4, 4, 8, [["IDAT", zeros(100 * MILLION)]]),
    /more pixels than its header says/,
  ],
  "PNG, large, that inflates to more than it says": [
    () => png(6000, 3000, 8, [["IDAT", zeros(100 * MILLION)]]),
    /more pixels than its header says/,
  ],
  "PNG with a profile of 100 MB and no pixels": [
    () =>
      png(4, 4, 8, [
        ["iCCP", Buffer.concat([Buffer.from("x\0\0"), zeros(100 * MILLION)])],
        ["IDAT", Buffer.alloc(0)],
      ]),
    /cut short/,
  ],
  "GIF, 65,535 x 65,535": [
    () => gif(65535, 65535, [65535, 65535], Buffer.alloc(0)),
    /4295 megapixels/,
  ],
  "GIF, 99 megapixels in 60 bytes": [
    () => gif(9999, 9999, [9999, 9999], Buffer.alloc(20)),
    /damaged|cut short/,
  ],
  "GIF whose frame is larger than itself": [
    () => gif(10, 10, [65535, 65535], Buffer.alloc(2 * MILLION)),
    /first frame is larger/,
  ],
  "GIF of blocks without pixels": [
    () => gif(4000, 3000, [4000, 3000], Buffer.alloc(3 * MILLION, 0x24)),
    /damaged|cut short/,
  ],
  "TIFF whose directory is its own next one": [
    () => tiff([...gray(10, 10, 1), [273, 4, 8], [279, 4, 40]], Buffer.alloc(40), 48),
    /cut short/,
  ],
  "TIFF, one strip of 100 megapixels that ends too early": [
    () =>
      tiff(
        [...gray(10000, 9999, 8), [273, 4, 8], [278, 4, 4294967295], [279, 4, 40_000]],
        zeros(40 * MILLION),
      ),
    /cut short/,
  ],
  "TIFF whose strips are all the same bytes": [
    () => {
      const data = zeros(50 * MILLION);
      return tiff(
        [
          ...gray(9000, 9000, 8),
          [273, 4, ...Array<number>(9000).fill(8)],
          [278, 4, 1],
          [279, 4, ...Array<number>(9000).fill(data.length)],
        ],
        data,
      );
    },
    /parts are larger than the file/,
  ],
  "TIFF of 4 thousand million strips": [
    () => {
      const whole = tiff([...gray(10, 10, 1), [273, 4, 8], [279, 4, 40]], Buffer.alloc(40));
      whole.writeUInt32LE(4294967295, whole.length - 4 - 24 + 4);
      return whole;
    },
    /cut short|damaged/,
  ],
  "TIFF with tiles of a pixel": [
    () =>
      tiff(
        [...gray(9000, 9000, 1), [322, 4, 1], [323, 4, 1], [324, 4, 8, 8], [325, 4, 1, 1]],
        Buffer.alloc(40),
      ),
    /directory is damaged/,
  ],
  "TIFF with tiles of 4 thousand million pixels": [
    () =>
      tiff(
        [...gray(90, 90, 8), [322, 4, 65536], [323, 4, 65536], [324, 4, 8, 8], [325, 4, 1, 1]],
        Buffer.alloc(40),
      ),
    /damaged|too large/,
  ],
  "TIFF, LZW of zeros": [
    () => tiff([...gray(9000, 9000, 5), [273, 4, 8], [279, 4, MILLION]], Buffer.alloc(MILLION)),
    /damaged|cut short/,
  ],
  "TIFF, PackBits of nothing": [
    () =>
      tiff(
        [...gray(9000, 9000, 32773), [273, 4, 8], [279, 4, MILLION]],
        Buffer.alloc(MILLION, 0x80),
      ),
    /cut short/,
  ],
  BigTIFF: [bigTiff, /BigTIFF/],
  "WebP, 99 megapixels in 38 bytes": [
    () => Buffer.from(SOLID_WEBP, "base64"),
    /less than its header says/,
  ],
  "WebP, lossless, 90 megapixels of nothing": [
    () => Buffer.concat([webpOf(9000, 10_000, 300_025), Buffer.alloc(300_000)]),
    /damaged/,
  ],
  "WebP of 10,000 frames larger than itself": [
    () => movingWebp(10_000),
    /less than its header says|first frame is larger/,
  ],
  "BMP, 99 megapixels in 54 bytes": [() => bmp(9999, 9999), /cut short/],
  "BMP of a negative width": [() => bmp(-10, 10), /no pixels/],
};

/** A progressive JPEG in three colours of one gray, whose scans are all zeros, and as short as they can be. */
function grayProgressive(width: number, height: number): Buffer {
  const segment = (marker: number, ...data: readonly number[]): Buffer => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return Buffer.concat([head, Buffer.from(data)]);
  };
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const scan = (ids: readonly number[], from: number, to: number, bits: number, seen: number) => [
    segment(0xda, ids.length, ...ids.flatMap((id) => [id, 0]), from, to, seen),
    Buffer.alloc(Math.ceil(bits / 8)),
  ];
  /** One code of one bit. */
  const table = (kind: number, value: number): Buffer =>
    segment(0xc4, kind, 1, ...Array<number>(15).fill(0), value);
  // of AC coefficients each code says that 16,384 blocks have no more
  const ends = 15 * Math.ceil(blocks / 16_384);
  const ids = [1, 2, 3];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array<number>(64).fill(1)),
    segment(
      0xc2,
      8,
      height >> 8,
      height & 255,
      width >> 8,
      width & 255,
      3,
      ...ids.flatMap((id) => [id, 0x11, 0]),
    ),
    ...[table(0, 0), table(0x10, 0xe0)],
    ...scan(ids, 0, 0, 3 * blocks, 0x01),
    ...ids.flatMap((id) => scan([id], 1, 63, ends, 0x01)),
    ...scan(ids, 0, 0, 3 * blocks, 0x10),
    ...ids.flatMap((id) => scan([id], 1, 63, ends, 0x10)),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** Pictures that are large and real: they open, without being held. */
export const LARGE: Readonly<Record<string, () => Uint8Array>> = {
  "JPEG, progressive, 64 megapixels of three colours": () => grayProgressive(8000, 8000),
  "PNG, interlaced, 64 megapixels": () => interlacedPng(8000, 8000),
  "WebP, 99.99 megapixels": () => gunzipSync(seed("flat-100-megapixels.webp.gz")),
  "WebP without loss, 99.98 megapixels": () => {
    const whole = Buffer.from(SOLID_WEBP, "base64");
    // who holds so many pixels has some bytes for them
    const beside = Buffer.concat([inWebp("EXIF", 300_000), Buffer.alloc(300_000)]);
    const made = Buffer.concat([whole, beside]);
    made.writeUInt32LE(made.length - 8, 4);
    return made;
  },
};

/** Large ones of which only the beginning is written: the rest is black. */
export const LARGE_SPARSE: Readonly<Record<string, () => Sparse>> = {
  "TIFF, 99.99 megapixels of four colours in 16 bits, 800 MB": () => ({
    length: 799_999_999,
    head: strip(1, 4096, 799_920_000),
  }),
  "BMP, 99.98 megapixels, 300 MB": () => ({ length: 54 + 9999 * 30_000, head: bmp(9999, 9999) }),
};

function interlacedPng(width: number, height: number): Buffer {
  const filters = 15 * Math.ceil(height / 8);
  const whole = png(width, height, 8, [["IDAT", zeros(width * height + filters)]]);
  whole.writeUInt8(1, 28);
  return whole;
}
