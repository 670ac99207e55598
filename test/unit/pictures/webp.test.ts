import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EncodeOptions } from "@jsquash/webp/meta.js";
import { PictureBytes } from "../../../src/pictures/decode/bytes.ts";
import { decodeRows } from "../../../src/pictures/decode/webp/rows.ts";
import { decodeWhole, encodeWebp, photo, type Pixels } from "../../support/webp.ts";

const MOST = 64e6;
const at = (file: string): string => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

/** By what is tried: the encoder's settings. */
const SETTINGS: Readonly<Record<string, Partial<EncodeOptions>>> = {
  "as usual": {},
  "of low quality": { quality: 3, method: 0 },
  "of the best quality": { quality: 100, method: 6 },
  "not filtered": { filter_strength: 0 },
  "filtered simply": { filter_type: 0, filter_strength: 100 },
  "filtered sharply": { filter_strength: 100, filter_sharpness: 7 },
  "in eight parts": { partitions: 3, segments: 1 },
  "with its chroma sharpened": { use_sharp_yuv: 1, pass: 3 },
  "without loss": { lossless: 1 },
  "without loss, in haste": { lossless: 1, quality: 0, method: 0 },
  "without loss, nearly": { lossless: 1, near_lossless: 40 },
  "with its transparency as it is": { alpha_compression: 0 },
  "with coarse transparency": { alpha_quality: 20, alpha_filtering: 2 },
};
/** Noise of so many values that comes again after `period` pixels: whoever packs it refers back as far as that. */
function repeated(
  width: number,
  height: number,
  period: number,
  values: number,
  transparent = false,
): Pixels {
  const data = new Uint8ClampedArray(4 * width * height).fill(transparent ? 90 : 255);
  let noise = 7;
  for (let i = 0; i < width * height; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
    const value = ((noise >>> 16) % values) * (256 / values);
    const from = 4 * (i - period);
    if (transparent) data[4 * i + 3] = from < 0 ? value : (data[from + 3] ?? 0);
    else for (let k = 0; k < 3; k++) data[4 * i + k] = from < 0 ? value : (data[from + k] ?? 0);
  }
  return { width, height, data };
}
const SIZES = [
  ...([[1, 1], [1, 40], [40, 1], [2, 2], [15, 17], [16, 16], [17, 33]] as const), // prettier-ignore
  ...([
    [64, 31],
    [129, 130],
    [333, 250],
  ] as const),
];

describe("WebP row by row", () => {
  for (const [what, options] of Object.entries(SETTINGS))
    it(`gives each pixel as a decoder of whole pictures does: ${what}`, async () => {
      for (const opaque of [true, false])
        for (const [width, height] of SIZES) {
          const file = await encodeWebp(photo(width, height, opaque), options);
          const whole = await decodeWhole(file);
          const rows = Buffer.alloc(4 * width * height);
          const order: number[] = [];
          await decodeRows(PictureBytes.of(file), { width, height }, MOST, (y, rgba) => {
            assert.equal(rgba.length, 4 * width);
            rows.set(rgba, 4 * width * y);
            order.push(y);
          });
          const name = `${width} x ${height}${opaque ? "" : ", transparent"}`;
          assert.deepEqual(order, [...order.keys()], name);
          assert.ok(rows.equals(Buffer.from(whole.data)), name);
        }
    }).timeout(60_000);

  const far = { lossless: 1, quality: 80, method: 3 };
  /** Larger than what is held of a stream without loss, and what comes late in it refers back as far as it may, over all the window. */
  const LARGE: Readonly<Record<string, () => Promise<Uint8Array>>> = {
    "of many colours": () => encodeWebp(photo(2100, 1500), { lossless: 1, method: 0 }),
    "of one column of blocks": () => encodeWebp(photo(150, 16_000), { lossless: 1, method: 0 }),
    "of four colours": () => encodeWebp(repeated(4096, 2200, 4096 * 255, 4), far),
    "of noise that comes again": () => encodeWebp(repeated(1024, 2600, 1023 * 1024, 256), far),
    "of coarse transparency": () => encodeWebp(photo(2100, 1500, false), { method: 0 }),
    "of much transparency": () =>
      encodeWebp(repeated(1024, 2600, 1023 * 1024, 256, true), { quality: 0, method: 0 }),
    "of transparency in two steps": () =>
      encodeWebp(repeated(4096, 2200, 4096 * 255, 2, true), { quality: 0, method: 0 }),
  };

  for (const [what, make] of Object.entries(LARGE))
    it(`gives each pixel of a large picture without holding it: ${what}`, async () => {
      const file = await make();
      const { width, height, data } = await decodeWhole(file);
      let wrong = -1;
      await decodeRows(PictureBytes.of(file), { width, height }, file.length + 30e6, (y, rgba) => {
        const row = Buffer.from(data.buffer, data.byteOffset + 4 * width * y, 4 * width);
        if (Buffer.compare(rgba, row) !== 0 && wrong < 0) wrong = y;
      });
      assert.equal(wrong, -1, "the first row that differs");
    }).timeout(60_000);

  it("refuses a picture of another size, and one that takes more memory than it may", async () => {
    const file = await encodeWebp(photo(1000, 700), { lossless: 1 });
    const decode = (width: number, most: number): Promise<void> =>
      decodeRows(PictureBytes.of(file), { width, height: 700 }, most, () => undefined);
    await decode(1000, MOST);
    await assert.rejects(decode(999, MOST), /damaged/);
    await assert.rejects(decode(1000, 2e6), /more than 2 MB/);
    await assert.rejects(decode(1000, 1000), /more than 0 MB/);
  });

  it("runs what scripts/webp/build.mjs built", () => {
    const { wasm } = JSON.parse(readFileSync(at("scripts/webp/built.json"), "utf8")) as {
      wasm: string;
    };
    const file = readFileSync(at("src/pictures/decode/webp/webp-rows.wasm"));
    assert.equal(createHash("sha256").update(file).digest("hex"), wasm);
  });
});
