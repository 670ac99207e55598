import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import {
  decodePicture,
  encodePng,
  held,
  judgePicture,
  readPicture,
  thumbnail,
  toInput,
} from "../../../src/pictures/index.ts";
import { LargePictureReader } from "../../../src/pictures/decode/large.ts";
import { reducerOf, type Reduction } from "../../../src/pictures/decode/reduce.ts";
import { PictureStore } from "../../../src/session/run/feed.ts";
import { stored, upright, uprightSize } from "../../../src/pictures/decode/upright.ts";
import type { Preprocessing } from "../../../src/base/preprocessing.ts";

const how: Preprocessing = {
  ...{ order: "rgb", scale: 1 / 255, mean: [0], std: [1], fit: "crop", source: "user", why: "" },
};

const filtered: Preprocessing = { ...how, cropped: 0.875, interpolation: "bicubic" };

describe("pictures that are too large to be held", () => {
  const folder = mkdtempSync(join(tmpdir(), "convlens-large-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("give the network and the eye the same numbers, strip by strip on a thread", async () => {
    const [width, height] = [5000, 3300];
    const rgb = Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => (i * 31 + (i >> 9) + (i >> 13)) & 255,
    );
    const file = join(folder, "large.png");
    writeFileSync(file, encodePng(rgb, width, height, 3));
    const [large, whole] = [await readPicture(file), held({ width, height, rgb, notes: [] })];
    for (const size of [
      [64, 48, 3],
      [64, 48, 1],
      [7, 300, 3],
    ] as const)
      for (const each of [how, filtered])
        assert.deepEqual(await toInput(large, each, size), await toInput(whole, each, size));
    assert.deepEqual(await thumbnail(large, 96), await thumbnail(whole, 96));
    // the file's bytes came back from each thread
    assert.deepEqual(await thumbnail(large, 32), await thumbnail(whole, 32));
  }).timeout(60_000);

  it("give the same where their rows come in parts, as those of interlaced PNG do", async () => {
    const [width, height] = [4001, 4000];
    const data = new Uint8Array(width * height);
    const rgb = new Uint8Array(width * height * 3);
    for (let i = 0; i < data.length; i++) {
      data[i] = (i * 31 + (i >> 9) + (i >> 13)) & 255;
      rgb.fill(data[i] ?? 0, 3 * i, 3 * i + 3);
    }
    const file = join(folder, "interlaced.png");
    const fast = { interlace: "Adam7", zlib: { level: 1 } } as const;
    writeFileSync(file, encode({ width, height, channels: 1, data }, fast));
    const whole = held({ width, height, rgb, notes: [] });
    const picture = await readPicture(file);
    const size = [64, 48, 3] as const;
    for (const each of [how, filtered])
      assert.deepEqual(await toInput(picture, each, size), await toInput(whole, each, size));
    assert.deepEqual(await thumbnail(picture, 96), await thumbnail(whole, 96));
  }).timeout(120_000);

  it("are not read where their first bytes promise less than there is, or no picture", async () => {
    const file = join(folder, "endless.bin");
    const png = encodePng(new Uint8Array(100), 10, 10, 1);
    for (const [begins, says] of [
      [png, /its 790 MB are more than 10 x 10 pixels can take\./],
      [Buffer.from("GIF89a\x0a\0\x0a\0\0\0\0", "latin1"), /more than 10 x 10 pixels/],
      [Buffer.from("nothing"), /is not a picture that ConvLens reads/],
    ] as const) {
      writeFileSync(file, begins);
      // what is not written takes no place on the disk
      truncateSync(file, 790e6);
      for (const read of [readPicture, judgePicture])
        await assert.rejects(read(file), { kind: "input", message: says });
    }
  });

  it("are given up when they take too long, in a sentence", async () => {
    const file = join(folder, "slow.png");
    writeFileSync(file, encodePng(new Uint8Array(5000 * 3300), 5000, 3300, 1));
    const about = { name: "slow.png", size: { width: 5000, height: 3300 } };
    const reader = new LargePictureReader({ path: file }, about, () => 0.001);
    const reduction: Reduction = {
      kind: "mean",
      rows: Int32Array.of(0, 3300),
      columns: Int32Array.of(0, 5000),
    };
    await assert.rejects(reader.reduce(reduction), {
      kind: "input",
      message:
        "slow.png took longer than 1 s to decode and was given up; save it again as PNG or JPEG.",
    });
  });

  it("are of one generation: one that was written again is not decoded in the place of the first", async () => {
    const file = join(folder, "changed.png");
    writeFileSync(file, encodePng(new Uint8Array(5000 * 3300), 5000, 3300, 1));
    const picture = await readPicture(file);
    writeFileSync(file, encodePng(new Uint8Array(3300 * 5000), 3300, 5000, 1));
    await assert.rejects(thumbnail(picture, 32), {
      kind: "input",
      message: "changed.png was changed since it was opened; look at it again.",
    });
  }).timeout(60_000);

  it("are refused in a sentence where they are damaged, again and again", async () => {
    const file = join(folder, "cut.png");
    const png = encodePng(new Uint8Array(5000 * 3300), 5000, 3300, 1);
    writeFileSync(file, Buffer.from(png).fill(0x55, 8000, 8400));
    const store = new PictureStore();
    const { picture } = await store.read(file);
    const refusal = {
      kind: "input",
      message: /^cut\.png is not a readable PNG picture: .*\.$/,
    };
    for (let i = 0; i < 2; i++) await assert.rejects(toInput(picture, how, [8, 8, 3]), refusal);
    await assert.rejects(thumbnail(picture, 32), refusal);
    // to try again is to read it again
    assert.notEqual((await store.read(file)).picture, picture);
  }).timeout(60_000);

  it("are turned upright by what is taken of them", async () => {
    const size = { width: 5, height: 4 };
    const rgb = Uint8Array.from({ length: 60 }, (_, i) => i * 4);
    for (let orientation = 1; orientation <= 8; orientation++) {
      const whole = held({
        ...uprightSize(size, orientation),
        ...{ rgb: upright(size, rgb, orientation), notes: [] },
      });
      for (const wanted of [
        { kind: "sample", rows: Int32Array.of(0, 2, 3), columns: Int32Array.of(1, 3) },
        { kind: "mean", rows: Int32Array.of(0, 1, 4), columns: Int32Array.of(0, 2, 4) },
      ] satisfies Reduction[]) {
        const of = stored(wanted, size, orientation);
        const reducer = reducerOf(of.reduction);
        for (let y = 0; y < size.height; y++) reducer.row(y, rgb.subarray(y * 15, (y + 1) * 15), 3);
        assert.deepEqual(
          of.turned(reducer.result()),
          await whole.reduce(wanted),
          `${wanted.kind}, orientation ${orientation}`,
        );
      }
    }
  });
});

describe("colours", () => {
  /** A gray ramp with these chunks before its pixels. */
  const ramp = async (...chunks: readonly (readonly [string, number[] | Buffer])[]) => {
    const png = encodePng(
      Uint8Array.from({ length: 256 }, (_, i) => i),
      256,
      1,
      1,
    );
    const parts = chunks.map(([type, data]) => {
      const bytes = Buffer.from(data);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, Buffer.from(type), bytes, Buffer.alloc(4)]);
    });
    const { rgb, notes } = await decodePicture(
      Buffer.concat([png.subarray(0, 33), ...parts, png.subarray(33)]),
      "ramp.png",
    );
    return { grays: Array.from({ length: 256 }, (_, i) => rgb[3 * i] ?? 0), notes: notes.join() };
  };
  const words = (...values: readonly number[]): Buffer => {
    const out = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => out.writeUInt32BE(value, 4 * i));
    return out;
  };
  const same = Array.from({ length: 256 }, (_, i) => i);
  const linear = same.map((i) => {
    const light = i / 255;
    return Math.round(
      255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055),
    );
  });
  const near = (actual: readonly number[], wanted: readonly number[]): void => {
    const worst = Math.max(...actual.map((value, i) => Math.abs(value - (wanted[i] ?? NaN))));
    assert.ok(worst <= 1, `differs by ${worst}`);
  };

  it("of PNG by gAMA and cHRM, where nothing better is said", async () => {
    const srgb = words(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000);
    assert.deepEqual((await ramp(["gAMA", words(45455)])).grays, same);
    assert.deepEqual(await ramp(["gAMA", words(45455)], ["cHRM", srgb]), {
      grays: same,
      notes: "",
    });
    const light = await ramp(["gAMA", words(100000)], ["cHRM", srgb]);
    near(light.grays, linear);
    assert.match(light.notes, /own tags \(gamma 1\.00000\)/);
    assert.deepEqual((await ramp(["sRGB", [0]], ["gAMA", words(100000)])).grays, same);
    assert.match((await ramp(["gAMA", words(0)])).notes, /damaged and were not applied/);
    assert.match((await ramp(["gAMA", words(90000)], ["cHRM", Buffer.alloc(32)])).notes, /damaged/);
  });

  it("of PNG by code points", async () => {
    assert.deepEqual(await ramp(["cICP", [1, 13, 0, 1]]), { grays: same, notes: "" });
    near((await ramp(["cICP", [1, 8, 0, 1]])).grays, linear);
    assert.match((await ramp(["cICP", [9, 16, 0, 1]])).notes, /high dynamic range.*taken as sRGB/);
  });

  it("are left as they are by profiles that are tables, and damaged ones", async () => {
    const table = Buffer.alloc(132);
    table.write("mntrRGB XYZ ", 12);
    const { deflateSync } = await import("node:zlib");
    const embedded = (profile: Buffer): Buffer =>
      Buffer.concat([Buffer.from("x\0\0"), deflateSync(profile)]);
    const tables = await ramp(["iCCP", embedded(table)]);
    assert.deepEqual(tables.grays, same);
    assert.match(tables.notes, /profile \(without a name, a table\) was not applied/);
    table.writeUInt32BE(77, 128);
    const cut = await ramp(["iCCP", embedded(table)]);
    assert.deepEqual(cut.grays, same);
    assert.match(cut.notes, /damaged and was not applied/);
    assert.match((await ramp(["iCCP", Buffer.from("x\0\0nothing")])).notes, /damaged/);
  });
});
