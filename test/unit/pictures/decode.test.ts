import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import { decodePicture, encodePng, readPicture } from "../../../src/pictures/index.ts";
import { PictureBytes } from "../../../src/pictures/decode/bytes.ts";
import type { RowSink } from "../../../src/pictures/decode/format.ts";
import { decodeStrips } from "../../../src/pictures/decode/jpeg/decode.ts";
import { jpeg } from "../../../src/pictures/decode/jpeg/index.ts";

const file = (name: string): URL => new URL(`./files/${name}`, import.meta.url);
const bytesOf = (name: string): Buffer => readFileSync(file(name));
/** Pixels as Pillow decodes the same files. */
const expected = JSON.parse(bytesOf("expected.json").toString()) as Record<
  string,
  { width: number; height: number; rgb: string }
>;

describe("decodePicture", () => {
  for (const [name, want] of Object.entries(expected))
    it(`reads ${name} as Pillow does`, async () => {
      const picture = await decodePicture(bytesOf(name), name);
      assert.deepEqual([picture.width, picture.height], [want.width, want.height]);
      const rgb = Buffer.from(want.rgb, "hex");
      assert.equal(picture.rgb.length, rgb.length);
      const worst = Math.max(...rgb.map((value, i) => Math.abs(value - (picture.rgb[i] ?? 0))));
      // decoders of JPEG and lossy WebP may differ in chroma upsampling and rounding; alpha in rounding
      // (the four colours are to be the same), alpha in rounding, and LittleCMS rounds gray twice
      const rough = /^(progressive|lossy)\./.test(name) ? 12 : /jpg$/.test(name) ? 3 : 1;
      const exact = /^(cmyk|ycck)-/.test(name) ? 0 : rough;
      const tolerance = name.startsWith("gray-profile") ? 2 : exact;
      assert.ok(worst <= tolerance, `differs by up to ${worst}`);
    });

  it("reads interlaced PNG of 8 and 16 bits, and rounds 16 bits to 8", async () => {
    const data = Uint16Array.from({ length: 11 * 9 * 3 }, (_, i) => (i * 7919) % 65536);
    for (const interlace of ["null", "Adam7"] as const) {
      const bytes = encode({ width: 11, height: 9, channels: 3, depth: 16, data }, { interlace });
      const picture = await decodePicture(bytes, "deep.png");
      assert.deepEqual(
        [...picture.rgb],
        [...data].map((value) => Math.round(value / 257)),
      );
      assert.match(picture.notes.join(), /16 bits/);
      const small = Uint8Array.from(data, (value) => value >> 8);
      const eight = encode({ width: 11, height: 9, channels: 3, data: small }, { interlace });
      assert.deepEqual([...(await decodePicture(eight, "eight.png")).rgb], [...small]);
    }
  });

  it("decodes JPEGs strip by strip to the pixels of MozJPEG, progressive ones too", async () => {
    for (const name of ["baseline", "progressive", "gray", "blocks", "display-p3"]) {
      const bytes = PictureBytes.of(bytesOf(`${name}.jpg`));
      const whole: number[] = [];
      const strips: number[] = [];
      const into = (all: number[]): RowSink => ({
        wants: () => true,
        take: (_, rgba) => {
          all.push(...rgba);
        },
      });
      await jpeg.decode(bytes, into(whole));
      decodeStrips(bytes, into(strips));
      assert.ok(whole.length > 0);
      assert.deepEqual(strips, whole, name);
    }
  });

  it("turns all eight EXIF orientations upright", async () => {
    // the 2 x 3 blocks of blocks.jpg after turning, as Pillow's exif_transpose gives them
    const upright: Record<number, number[]> = {
      1: [20, 60, 100, 140, 180, 220],
      2: [100, 60, 20, 220, 180, 140],
      3: [220, 180, 140, 100, 60, 20],
      4: [140, 180, 220, 20, 60, 100],
      5: [20, 140, 60, 180, 100, 220],
      6: [140, 20, 180, 60, 220, 100],
      7: [220, 100, 180, 60, 140, 20],
      8: [100, 220, 60, 180, 20, 140],
    };
    for (const [orientation, want] of Object.entries(upright))
      for (const little of [true, false]) {
        const bytes = withExif(bytesOf("blocks.jpg"), Number(orientation), little);
        const { width, height, rgb } = await decodePicture(bytes, "turned.jpg");
        assert.deepEqual([width, height], Number(orientation) < 5 ? [24, 16] : [16, 24]);
        const centres = want.map((_, i) => {
          const x = 8 * (i % (width / 8)) + 4;
          const y = 8 * Math.floor(i / (width / 8)) + 4;
          return rgb[(y * width + x) * 3] ?? 0;
        });
        assert.ok(
          centres.every((value, i) => Math.abs(value - (want[i] ?? 0)) <= 2),
          `orientation ${orientation}: ${centres.join()}`,
        );
      }
  });

  it("takes a picture with damaged EXIF as upright", async () => {
    const bytes = withExif(bytesOf("blocks.jpg"), 6, true);
    bytes.writeUInt32LE(0x7fffffff, bytes.indexOf("Exif\0\0", 0, "latin1") + 6 + 4);
    assert.equal((await decodePicture(bytes, "damaged.jpg")).width, 24);
  });

  it("takes the first frame of an animation, the first picture of a TIFF, and says so", async () => {
    for (const name of ["moving.gif", "moving-lossless.webp", "animated.webp"])
      assert.match((await decodePicture(bytesOf(name), name)).notes.join(), /the first frame/);
    assert.deepEqual((await decodePicture(bytesOf("still.gif"), "still.gif")).notes, []);
    const several = Buffer.from(bytesOf("gray.tif"));
    const directory = several.readUInt32LE(4);
    // the directory is its own next one
    several.writeUInt32LE(directory, directory + 2 + 12 * several.readUInt16LE(directory));
    const { notes, rgb } = await decodePicture(several, "several.tif");
    assert.match(notes.join(), /of several pictures/);
    assert.equal(Buffer.from(rgb).toString("hex"), expected["gray.tif"]?.rgb);
  });

  it("turns a TIFF by its own tag", async () => {
    const turned = Buffer.from(bytesOf("rgb-lzw.tif"));
    const directory = turned.readUInt32LE(4);
    const count = turned.readUInt16LE(directory);
    const entries = Array.from({ length: count }, (_, i) => directory + 2 + 12 * i);
    // in the place of the resolution, which is not needed
    const entry = entries.find((one) => turned.readUInt16LE(one) === 282) ?? NaN;
    turned.writeUInt16LE(274, entry);
    turned.writeUInt16LE(3, entry + 2);
    turned.writeUInt32LE(1, entry + 4);
    turned.writeUInt32LE(6, entry + 8);
    const { width, height, notes } = await decodePicture(turned, "turned.tif");
    assert.deepEqual([width, height], [9, 13]);
    assert.match(notes.join(), /EXIF orientation 6/);
  });

  it("does not depend on the file's name", async () => {
    assert.equal((await decodePicture(bytesOf("baseline.jpg"), "lying.png")).width, 12);
  });
});

describe("bad pictures are one sentence that names the file", () => {
  const refuses = async (bytes: Uint8Array, name: string, reason: RegExp): Promise<void> =>
    assert.rejects(decodePicture(bytes, name), (error: Error & { kind?: string }) => {
      assert.equal(error.kind, "input");
      assert.match(error.message, reason);
      assert.ok(error.message.startsWith(name), error.message);
      assert.equal(error.message.split("\n").length, 1);
      assert.match(error.message, /\.$/);
      return true;
    });

  it("empty, text and unknown", async () => {
    await refuses(new Uint8Array(), "empty.png", /0 bytes/);
    await refuses(Buffer.from("hello, not a picture at all"), "text.jpg", /not a picture/);
  });

  it("20,000 x 20,000 pixels, by the header alone", async () => {
    const png = Buffer.from(bytesOf("rgb.png"));
    png.writeUInt32BE(20000, 16);
    png.writeUInt32BE(20000, 20);
    const before = process.memoryUsage().arrayBuffers;
    await refuses(png, "huge.png", /20000 x 20000 pixels \(400 megapixels\)/);
    const jpeg = withFrameSize(bytesOf("baseline.jpg"), 20000, 20000);
    await refuses(jpeg, "huge.jpg", /20000 x 20000/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 1e6);
  });

  it("every file cut short at every length", async () => {
    for (const name of ["rgb.png", "gray1.png", "lossless.webp", "rgb24.bmp", "baseline.jpg"]) {
      const whole = bytesOf(name);
      // the last bytes of a JPEG are its end marker, which decoders do not need
      const needed = name.endsWith("jpg") ? whole.length - 8 : whole.length;
      for (let length = 30; length < needed; length += 7)
        await refuses(whole.subarray(0, length), name, /not a readable|no pixels/);
    }
  });

  it("headers that lie about the size", async () => {
    const png = Buffer.from(bytesOf("rgb.png"));
    png.writeUInt32BE(13, 16);
    await refuses(png, "wide.png", /fewer pixels than its header says/);
    const small = Buffer.from(
      encode({ width: 400, height: 400, channels: 3, data: new Uint8Array(400 * 400 * 3) }),
    );
    small.writeUInt32BE(4, 16);
    small.writeUInt32BE(4, 20);
    await refuses(small, "bomb.png", /more pixels than its header says/);
    await refuses(withFrameSize(bytesOf("baseline.jpg"), 12, 900), "tall.jpg", /cut short/);
    const none = Buffer.from(bytesOf("rgb.png"));
    none.writeUInt32BE(0, 16);
    await refuses(none, "none.png", /no pixels/);
  });

  it("damaged content, and the next picture still works", async () => {
    const jpeg = Buffer.from(bytesOf("baseline.jpg"));
    const table = jpeg.indexOf(Buffer.from([0xff, 0xc4]));
    jpeg.fill(0xff, table + 5, table + 21);
    await refuses(jpeg, "damaged.jpg", /not a readable JPEG/);
    const png = Buffer.from(bytesOf("rgb.png"));
    png.fill(0x55, png.indexOf("IDAT") + 8, png.indexOf("IDAT") + 14);
    await refuses(png, "damaged.png", /damaged/);
    const webp = Buffer.from(bytesOf("lossy.webp"));
    webp.fill(0x55, 26, 60);
    await refuses(webp, "damaged.webp", /webp/i);
    assert.equal((await decodePicture(bytesOf("baseline.jpg"), "good.jpg")).width, 12);
    assert.equal((await decodePicture(bytesOf("lossy.webp"), "good.webp")).width, 12);
  });

  it("kinds that are not read, by their names and with the cure", async () => {
    const kinds: [string, RegExp][] = [
      ["\0\0\0\x18ftypheic\0\0\0\0mif1heic", /HEIC/],
      ["\0\0\0\x18ftypavif\0\0\0\0mif1avif", /AVIF/],
      ["\xff\x0a\x7a\x1f\0\0\0\0\0\0\0\0", /JPEG XL/],
      ["\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", /JPEG XL/],
      ["\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", /JPEG 2000/],
      ["8BPS\0\x01\0\0\0\0\0\0", /Photoshop/],
      ['<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', /SVG/],
      ["\0\0\x01\0\x01\0\x10\x10\0\0", /ICO/],
      ["P6\n2 2\n255\n............", /Netpbm/],
      ["%PDF-1.7\n............", /PDF/],
    ];
    for (const [text, what] of kinds) {
      const bytes = Buffer.from(text, "latin1");
      await refuses(bytes, "x.jpg", what);
      await refuses(bytes, "x.jpg", /save it as PNG or JPEG \(pictures that are read: PNG, JPEG/);
    }
  });

  it("a missing file", async () => {
    await assert.rejects(readPicture("/nowhere/cat.png"), /\/nowhere\/cat\.png.*no such file/);
  });

  it("a JPEG that promises more blocks than its bytes can hold, or hundreds of passes", async () => {
    const small = bytesOf("baseline.jpg");
    await refuses(withFrameSize(small, 9000, 9000), "blocks.jpg", /less than its header says/);
    const scan = small.lastIndexOf(0xda) - 1;
    const passes = Buffer.concat([
      small,
      ...Array.from({ length: 200 }, () => small.subarray(scan)),
    ]);
    await refuses(passes, "passes.jpg", /drawn in \d+ passes/);
  });

  it("a large PNG is read piece by piece, to the same pixels", async () => {
    const [width, height] = [3000, 2000];
    const rgb = Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => (i * 31 + (i >> 9)) & 255,
    );
    const { rgb: read } = await decodePicture(encodePng(rgb, width, height, 3), "large.png");
    assert.ok(Buffer.from(rgb).equals(Buffer.from(read)));
  });
});

/** The same JPEG with an EXIF segment that states the orientation. */
function withExif(jpeg: Buffer, orientation: number, little: boolean): Buffer {
  const tiff = Buffer.alloc(26);
  const u16 = (value: number, at: number): number =>
    little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const u32 = (value: number, at: number): number =>
    little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  tiff.write(little ? "II" : "MM", 0);
  u16(42, 2);
  u32(8, 4);
  u16(1, 8);
  u16(0x0112, 10);
  u16(3, 12);
  u32(1, 14);
  u16(orientation, 18);
  const head = Buffer.from([0xff, 0xe1, 0, 2 + 6 + tiff.length]);
  return Buffer.concat([
    jpeg.subarray(0, 2),
    head,
    Buffer.from("Exif\0\0"),
    tiff,
    jpeg.subarray(2),
  ]);
}

function withFrameSize(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg);
  const frame = copy.indexOf(Buffer.from([0xff, 0xc0]));
  copy.writeUInt16BE(height, frame + 5);
  copy.writeUInt16BE(width, frame + 7);
  return copy;
}
