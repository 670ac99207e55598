import assert from "node:assert/strict";
import { animate } from "../../../src/pictures/index.ts";
import { encodeGif } from "../../../src/pictures/encode/gif.ts";
import { indexed } from "../../../src/pictures/encode/palette.ts";
import { Film } from "../../../webview/lenses/maximize/film.ts";
import { Random } from "../../../src/methods/random.ts";

/** A plain reader of what the writer makes: frames as RGB, with their delays in hundredths of a second. */
function decodeGif(gif: Uint8Array): {
  width: number;
  height: number;
  frames: { rgb: Uint8Array; delay: number }[];
} {
  const word = (at: number): number => (gif[at] ?? 0) | ((gif[at + 1] ?? 0) << 8);
  assert.equal(Buffer.from(gif.subarray(0, 6)).toString(), "GIF89a");
  const [width, height] = [word(6), word(8)];
  const frames: { rgb: Uint8Array; delay: number }[] = [];
  let [at, delay] = [13, 0];
  const blocks = (from: number): { bytes: number[]; next: number } => {
    const bytes: number[] = [];
    let place = from;
    for (let size = gif[place] ?? 0; size > 0; size = gif[place] ?? 0) {
      bytes.push(...gif.subarray(place + 1, place + 1 + size));
      place += size + 1;
    }
    return { bytes, next: place + 1 };
  };
  while (gif[at] !== 0x3b) {
    if (gif[at] === 0x21) {
      if (gif[at + 1] === 0xf9) delay = word(at + 4);
      at = blocks(at + 2).next;
      continue;
    }
    assert.equal(gif[at], 0x2c);
    const bits = ((gif[at + 9] ?? 0) & 7) + 1;
    const palette = gif.subarray(at + 10, at + 10 + 3 * 2 ** bits);
    at += 10 + palette.length;
    const least = gif[at] ?? 0;
    const { bytes, next } = blocks(at + 1);
    at = next;
    const pixels = unpack(bytes, least);
    assert.equal(pixels.length, width * height);
    const rgb = Uint8Array.from(pixels.flatMap((p) => [...palette.subarray(3 * p, 3 * p + 3)]));
    frames.push({ rgb, delay });
  }
  return { width, height, frames };
}

function unpack(bytes: readonly number[], least: number): number[] {
  const [clear, end] = [2 ** least, 2 ** least + 1];
  let [table, size, bit]: [number[][], number, number] = [[], least + 1, 0];
  let before: number[] | null = null;
  const out: number[] = [];
  const reset = (): void => {
    table = Array.from({ length: clear + 2 }, (_, i) => [i]);
    size = least + 1;
    before = null;
  };
  reset();
  for (;;) {
    let code = 0;
    for (let i = 0; i < size; i++, bit++) code |= (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) << i;
    if (code === end) return out;
    if (code === clear) {
      reset();
      continue;
    }
    const last: number[] | null = before;
    const entry: number[] = table[code] ?? [...(last ?? []), last?.[0] ?? 0];
    out.push(...entry);
    if (last && table.length < 4096) table.push([...last, entry[0] ?? 0]);
    if (table.length === 2 ** size && size < 12) size++;
    before = entry;
  }
}

const picture = (
  width: number,
  height: number,
  at: (x: number, y: number) => readonly number[],
): Uint8Array =>
  Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const cell = Math.floor(i / 3);
    return at(cell % width, Math.floor(cell / width))[i % 3] ?? 0;
  });

describe("animated GIF", () => {
  it("keeps every pixel where there are at most 256 colours, frame after frame", () => {
    const random = new Random(3);
    const gray = picture(97, 61, () => Array<number>(3).fill(Math.floor(256 * random.uniform())));
    const two = picture(97, 61, (x, y) => (((x >> 3) + y) % 2 === 0 ? [255, 0, 7] : [0, 9, 255]));
    const one = picture(97, 61, () => [4, 5, 6]);
    const rgbs = [gray.map((_, i) => gray[3 * Math.floor(i / 3)] ?? 0), two, one];
    const gif = encodeGif(
      rgbs.map((rgb) => ({ rgb, delayMs: 70 })),
      97,
      61,
    );
    const { width, height, frames } = decodeGif(gif);
    assert.deepEqual([width, height, frames.length], [97, 61, 3]);
    frames.forEach(({ rgb, delay }, i) => {
      assert.equal(delay, 7);
      assert.deepEqual(rgb, rgbs[i]);
    });
  });

  it("the table is full and begins anew in large pictures", () => {
    const random = new Random(5);
    const noise = picture(300, 200, () =>
      Array<number>(3).fill(Math.floor(256 * random.uniform())),
    );
    const gray = noise.map((_, i) => noise[3 * Math.floor(i / 3)] ?? 0);
    assert.deepEqual(
      decodeGif(encodeGif([{ rgb: gray, delayMs: 10 }], 300, 200)).frames[0]?.rgb,
      gray,
    );
  });

  it("many colours become 256 near ones", () => {
    const many = picture(64, 64, (x, y) => [4 * x, 4 * y, 2 * (x + y)]);
    const { palette, pixels } = indexed(many);
    assert.equal(palette.length, 3 * 256);
    let most = 0;
    many.forEach((value, i) => {
      const entry = pixels[Math.floor(i / 3)] ?? 0;
      most = Math.max(most, Math.abs(value - (palette[3 * entry + (i % 3)] ?? 0)));
    });
    assert.ok(most <= 32, `a colour is ${String(most)} away`);
  });

  it("refuses no frame, no size, and frames of another size", () => {
    assert.throws(() => encodeGif([], 2, 2), RangeError);
    assert.throws(() => encodeGif([{ rgb: new Uint8Array(12), delayMs: 1 }], 0, 2), RangeError);
    assert.throws(() => encodeGif([{ rgb: new Uint8Array(9), delayMs: 1 }], 2, 2), RangeError);
  });

  it("an animation enlarges small pictures, writes the step below, and rests at the end", () => {
    const moments = [0, 12].map((step) => ({
      width: 8,
      height: 8,
      step,
      rgb: new Uint8Array(192).fill(100),
    }));
    const { width, height, frames } = decodeGif(animate(moments));
    assert.equal(width, 160);
    assert.ok(height > 160);
    assert.deepEqual(
      frames.map(({ delay }) => delay),
      [10, 120],
    );
    const [first, last] = frames.map(({ rgb }) => rgb);
    assert.equal(first?.[0], 100);
    assert.notDeepEqual(first, last);
  });
});

describe("the film of a maximisation", () => {
  const pictures = (step: number, count: number) => ({
    ...{ width: 2, height: 1, values: new Float32Array(count), step, steps: 500 },
    rgb: new Uint8Array(6 * count).map((_, i) => Math.floor(i / 6) * 100 + (step % 90)),
  });

  it("has the steps of each picture of a batch, thinned out when there are many", () => {
    const film = new Film();
    for (let step = 1; step <= 500; step++) film.take(4, 2, pictures(step, 2));
    const found = film.of(5);
    assert.ok(found && found.frames.length <= 41 && found.frames.length > 15);
    for (const { rgb, step } of found.frames)
      assert.deepEqual([...rgb], Array(6).fill(100 + (step % 90)));
    assert.equal(film.of(3), null);
  });

  it("begins anew with its batch", () => {
    const film = new Film();
    for (const step of [1, 2, 3, 1, 2]) film.take(0, 1, pictures(step, 1));
    assert.deepEqual(
      film.of(0)?.frames.map(({ step }) => step),
      [1, 2],
    );
  });
});
