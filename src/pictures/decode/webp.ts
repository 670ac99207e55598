import decodeWasm, { init } from "@jsquash/webp/decode.js";
import type { DecodedPixels, PictureFormat } from "./format.ts";
import { ascii, CUT_SHORT, viewOf } from "./format.ts";
import { wasmModule, type WasmModule } from "./wasm-file.ts";

/** WebP, lossy and lossless, one picture a file. */
export const webp: PictureFormat = {
  name: "WebP",
  matches: (bytes) => ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP",
  size,
  exif: (bytes) => {
    const block = chunk(bytes, "EXIF");
    return block && ascii(block, 0, 6) === "Exif\0\0" ? block.subarray(6) : block;
  },
  decode,
};

function size(bytes: Uint8Array): { width: number; height: number } {
  const view = viewOf(bytes);
  const kind = ascii(bytes, 12, 16);
  if (kind === "VP8X") return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
  if (kind === "VP8L") {
    const packed = view.getUint32(21, true);
    return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
  }
  if (kind === "VP8 ")
    return {
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    };
  throw new Error("it does not start with a header");
}

const uint24 = (view: DataView, at: number): number =>
  view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

function chunk(bytes: Uint8Array, wanted: string): Uint8Array | null {
  const view = viewOf(bytes);
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const length = view.getUint32(offset + 4, true);
    if (offset + 8 + length > bytes.length) throw new Error(CUT_SHORT);
    if (ascii(bytes, offset, offset + 4) === wanted)
      return bytes.subarray(offset + 8, offset + 8 + length);
    offset += 8 + length + (length % 2);
  }
  return null;
}

let ready: Promise<void> | undefined;

async function decode(bytes: Uint8Array): Promise<DecodedPixels> {
  if (chunk(bytes, "ANIM")) throw new Error("animations are not read");
  const start = init as unknown as (module: WasmModule) => Promise<void>;
  ready ??= wasmModule("@jsquash/webp/codec/dec/webp_dec.wasm").then(start);
  await ready;
  const picture = (await decodeWasm(new Uint8Array(bytes).buffer).catch((cause: unknown) => {
    throw new Error("its data is damaged", { cause });
  })) as unknown as { width: number; height: number; data: Uint8ClampedArray };
  const { width, height, data } = picture;
  const rgba = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { width, height, rgba, notes: [] };
}
