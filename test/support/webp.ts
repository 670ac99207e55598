import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import decodeWith, { init as initDecoder } from "@jsquash/webp/decode.js";
import encodeWith, { init as initEncoder } from "@jsquash/webp/encode.js";
import type { EncodeOptions } from "@jsquash/webp/meta.js";

/** RGBA, 8 bits. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object };
const compiled = (name: string): object => {
  const file = createRequire(import.meta.url).resolve(`@jsquash/webp/codec/${name}`);
  return new WebAssembly.Module(readFileSync(file));
};
type Start = (module: object) => Promise<unknown>;
let ready: Promise<unknown> | undefined;
const start = (): Promise<unknown> =>
  (ready ??= Promise.all([
    (initEncoder as unknown as Start)(compiled("enc/webp_enc_simd.wasm")),
    (initDecoder as unknown as Start)(compiled("dec/webp_dec.wasm")),
  ]));

/** A WebP file by libwebp's encoder. */
export async function encodeWebp(
  pixels: Pixels,
  options: Partial<EncodeOptions>,
): Promise<Uint8Array> {
  await start();
  return new Uint8Array(await encodeWith(pixels, options));
}
/** All of its pixels by another build of libwebp, which holds them at once. */
export async function decodeWhole(file: Uint8Array): Promise<Pixels> {
  await start();
  const made: unknown = await decodeWith(Uint8Array.from(file).buffer);
  return made as Pixels;
}

/** Something like a photograph: gradients, edges and a little noise. */
export function photo(width: number, height: number, opaque = true): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  let noise = 1;
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 4) {
      noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
      const edge = (x >> 4) % 5 === 0 || (x + y) % 37 < 4 ? 60 : 0;
      data[i] = 128 + 90 * Math.sin(x / 23) + edge + ((noise >>> 24) & 15);
      data[i + 1] = 128 + 80 * Math.cos(y / 17 + x / 50) - edge + ((noise >>> 16) & 15);
      data[i + 2] = (x * 3 + y * 2) & 255;
      data[i + 3] = opaque ? 255 : (x * y) & 255;
    }
  return { width, height, data };
}
