import decodeWasm, { init } from "@jsquash/jpeg/decode.js";
import jpegJs from "jpeg-js";
import type { DecodedPixels, PictureFormat } from "./format.ts";
import { CUT_SHORT } from "./format.ts";
import { countScans, jpegStructure } from "./jpeg-segments.ts";
import { wasmModule, type WasmModule } from "./wasm-file.ts";

/** JPEG, baseline and progressive, gray and colour by MozJPEG; CMYK and YCCK (as Adobe writes them) by jpeg-js. */
export const jpeg: PictureFormat = {
  name: "JPEG",
  matches: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  size: jpegStructure,
  judge,
  exif: (bytes) => jpegStructure(bytes).exif,
  decode: (bytes) => (jpegStructure(bytes).components === 4 ? decodeCmyk(bytes) : decode(bytes)),
};

/** Passes over the blocks of a file; progressive pictures have about ten. */
const MOST_SCANS = 100;
/** Blocks times scans: 100 megapixels in ten passes. */
const MOST_WORK = 100e6;

/** A few bytes can promise a picture that takes gigabytes, or many passes. */
function judge(bytes: Uint8Array): void {
  const { blocks } = jpegStructure(bytes);
  // the first scan of a block takes one bit at least, whatever is in it
  if (blocks > 8 * bytes.length)
    throw new Error(`${CUT_SHORT}: it holds less than its header says`);
  const scans = countScans(bytes);
  if (scans > MOST_SCANS || scans * blocks > MOST_WORK)
    throw new Error(`it is drawn in ${scans} passes, which would take too long; save it again`);
}

let compiled: Promise<WasmModule> | undefined;
/** MozJPEG speaks through the module's standard error, which is shared: one decoding at a time. */
let queue: Promise<unknown> = Promise.resolve();

function decode(bytes: Uint8Array): Promise<DecodedPixels> {
  const turn = queue.then(
    () => decodeNow(bytes),
    () => decodeNow(bytes),
  );
  queue = turn;
  return turn;
}

async function decodeNow(bytes: Uint8Array): Promise<DecodedPixels> {
  const said: string[] = [];
  compiled ??= wasmModule("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm");
  // a fresh instance each time: libjpeg exits the module on an error
  const start = init as unknown as (module: WasmModule, overrides: object) => Promise<void>;
  await start(await compiled, { printErr: (line: string) => said.push(line) });
  let picture: { width: number; height: number; data: Uint8ClampedArray };
  try {
    const decoded: unknown = await decodeWasm(exactBuffer(bytes));
    picture = decoded as typeof picture;
  } catch (error) {
    throw new Error(said.at(-1) ?? "its data is damaged", { cause: error });
  }
  if (said.some((line) => /premature end/i.test(line)))
    throw new Error(`${CUT_SHORT} or damaged: it holds less than its header says`);
  const { width, height, data } = picture;
  return {
    ...{ width, height },
    rgba: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    notes: said,
  };
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function decodeCmyk(bytes: Uint8Array): Promise<DecodedPixels> {
  const { width, height, data } = jpegJs.decode(bytes, {
    useTArray: true,
    tolerantDecoding: false,
    maxResolutionInMP: Infinity,
    maxMemoryUsageInMB: 1024,
  });
  return Promise.resolve({
    ...{ width, height, rgba: data },
    notes: ["CMYK was converted to RGB without a colour profile"],
  });
}
