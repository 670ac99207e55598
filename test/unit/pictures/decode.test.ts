import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import { decodePicture, encodePng, readPicture } from "../../../src/pictures/index.ts";

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
      const tolerance = /progressive|lossy/.test(name) ? 12 : /jpg$/.test(name) ? 3 : 1;
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
    await refuses(Buffer.from("GIF89a........................."), "moving.gif", /PNG, JPEG/);
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

  it("animated WebP", async () => {
    await refuses(bytesOf("animated.webp"), "moving.webp", /animations/);
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
