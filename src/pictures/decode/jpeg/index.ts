import decodeWasm, { init } from "@jsquash/jpeg/decode.js";
import { iccColours } from "../../colour/icc.ts";
import { type PictureBytes, together } from "../bytes.ts";
import { CMYK_NOTE } from "../cmyk.ts";
import { exifOrientation } from "../exif.ts";
import { CUT_SHORT, eachRow, HELD_PIXELS, type PictureFormat, type RowSink } from "../format.ts";
import { wasmModule, type WasmModule } from "../wasm-file.ts";
import { decodeStrips } from "./decode.ts";
import { countScans, jpegStructure } from "./segments.ts";

/**
 * JPEG, baseline and progressive, gray and colour, CMYK and YCCK (as Adobe writes them). Pictures that are held are decoded at once by
 * MozJPEG, which is faster; larger ones, also those with much beside their pixels, and those of four colours strip by strip.
 */
export const jpeg: PictureFormat = {
  name: "JPEG",
  matches: (bytes) => bytes.at(0) === 0xff && bytes.at(1) === 0xd8 && bytes.at(2) === 0xff,
  size: jpegStructure,
  judge,
  orientation: (bytes) => exifOrientation(jpegStructure(bytes).exif),
  colours: (bytes) => iccColours(jpegStructure(bytes).profile),
  decode: (bytes, rows) => {
    const { width, height, components } = jpegStructure(bytes);
    const isHeld = width * height <= HELD_PIXELS && bytes.length <= HELD_BYTES;
    if (components.length !== 4 && isHeld) return decode(bytes, rows);
    decodeStrips(bytes, rows);
    return components.length === 4 ? [CMYK_NOTE] : [];
  },
};

/** Of a file that is decoded at once. */
const HELD_BYTES = 1 << 25;

/** Passes over the blocks of a file; progressive pictures have about ten. */
const MOST_SCANS = 100;
/** Blocks times scans: 100 megapixels in 20 passes. */
const MOST_WORK = 50e6;

/** A few bytes can promise a picture that takes gigabytes, or many passes. */
function judge(bytes: PictureBytes): void {
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

function decode(bytes: PictureBytes, rows: RowSink): Promise<readonly string[]> {
  const turn = queue.then(
    () => decodeNow(bytes, rows),
    () => decodeNow(bytes, rows),
  );
  queue = turn;
  return turn;
}

async function decodeNow(bytes: PictureBytes, rows: RowSink): Promise<readonly string[]> {
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
  const { data } = picture;
  eachRow(picture, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), rows);
  return said;
}

function exactBuffer(bytes: PictureBytes): ArrayBuffer {
  return new Uint8Array(together(bytes)).buffer;
}
