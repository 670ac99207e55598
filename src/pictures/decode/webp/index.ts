import decodeWasm, { init } from "@jsquash/webp/decode.js";
import { iccColours } from "../../colour/icc.ts";
import { exifOrientation } from "../exif.ts";
import {
  ascii,
  eachRow,
  FIRST_FRAME_NOTE,
  HELD_PIXELS,
  viewOf,
  type PictureFormat,
  type RowSink,
  type Size,
} from "../format.ts";
import { wasmModule, type WasmModule } from "../wasm-file.ts";
import { chunk, firstFrame, uint24, type Frame } from "./chunks.ts";

/** WebP, lossy and lossless; of an animation the first frame. */
export const webp: PictureFormat = {
  name: "WebP",
  matches: (bytes) => ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP",
  size,
  judge,
  orientation: (bytes) => {
    const block = chunk(bytes, "EXIF");
    return exifOrientation(block && ascii(block, 0, 6) === "Exif\0\0" ? block.subarray(6) : block);
  },
  colours: (bytes) => iccColours(chunk(bytes, "ICCP")),
  decode,
};

function size(bytes: Uint8Array): Size {
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

/** Pictures that are too large to be held are taken for real only where they have some bytes for their pixels. */
const PIXELS_A_BYTE = 400;
/** What the decoder and the copy of its answer hold of each pixel, in bytes: it gives no rows one by one. */
const BYTES_A_PIXEL = { lossless: 12, lossy: 8 };
const MOST_BYTES = 400e6;

function judge(bytes: Uint8Array): void {
  const { width, height } = size(bytes);
  if (width * height <= HELD_PIXELS) return;
  if (width * height > PIXELS_A_BYTE * bytes.length)
    throw new Error("it holds less than its header says");
  const file = firstFrame(bytes)?.file ?? bytes;
  const decoded = size(file);
  const kind = chunk(file, "VP8L") === null ? "lossy" : "lossless";
  const held = decoded.width * decoded.height * BYTES_A_PIXEL[kind];
  if (held > MOST_BYTES)
    throw new Error(
      `WebP is decoded as a whole, which would take ${Math.round(held / 1e6)} MB; save it as JPEG or PNG, which are read row by row`,
    );
}

let ready: Promise<void> | undefined;

async function decode(bytes: Uint8Array, rows: RowSink): Promise<readonly string[]> {
  const canvas = size(bytes);
  const frame = firstFrame(bytes);
  const file = frame ? frame.file : new Uint8Array(bytes);
  // a file inside of a file: what it says must be what was judged
  const { width, height } = size(file);
  if (
    frame
      ? width > frame.width || height > frame.height
      : width * height > canvas.width * canvas.height
  )
    throw new Error("its data is damaged");
  const start = init as unknown as (module: WasmModule) => Promise<void>;
  ready ??= wasmModule("@jsquash/webp/codec/dec/webp_dec.wasm").then(start);
  await ready;
  const picture = (await decodeWasm(file.buffer as ArrayBuffer).catch((cause: unknown) => {
    throw new Error("its data is damaged", { cause });
  })) as unknown as Size & { data: Uint8ClampedArray };
  const { data } = picture;
  const rgba = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (frame) place(canvas, frame, rgba, rows);
  else if (picture.width !== canvas.width || picture.height !== canvas.height)
    throw new Error("its data is damaged");
  else eachRow(canvas, rgba, rows);
  return frame?.more ? [FIRST_FRAME_NOTE] : [];
}

/** The frame on its canvas, which is transparent around it. */
function place({ width, height }: Size, frame: Frame, rgba: Uint8Array, rows: RowSink): void {
  const line = new Uint8Array(width * 4);
  for (let y = 0; y < height; y++) {
    if (!rows.wants(y)) continue;
    line.fill(0);
    const inside = y - frame.y;
    if (inside >= 0 && inside < frame.height)
      line.set(
        rgba.subarray(inside * frame.width * 4, (inside + 1) * frame.width * 4),
        frame.x * 4,
      );
    rows.take(y, line);
  }
}
