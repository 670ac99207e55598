/** libwebp, built to hand over rows one after the other (scripts/webp): nothing of the picture is held that the format does not need. */
import type { Packed } from "../bytes.ts";
import type { Size } from "../format.ts";
import { runWasm, wasmModule, type WasmModule } from "../wasm-file.ts";

/** What the module exports (scripts/webp/rows.c). */
interface Exports {
  /** Makes room for so many bytes of a file; 0 where there is none. */
  readonly begin: (size: number) => number;
  /** A VP8StatusCode of libwebp. */
  readonly decode: (file: number, size: number, width: number, height: number) => number;
}
/** VP8_STATUS_OK, VP8_STATUS_OUT_OF_MEMORY */
const [OK, NO_MEMORY] = [0, 1];

const PAGE = 65_536;
/** Of the module's own, in pages: its stack and its tables. */
const OWN_PAGES = 16;

let compiled: Promise<WasmModule> | undefined;

/**
 * Decodes a WebP file of one picture, which must be of `size`, with `most` bytes of memory. `take` gets the rows as RGBA, in order, each until
 * it returns. Throws where the file is damaged, or takes more.
 */
export async function decodeRows(
  file: Packed,
  { width, height }: Size,
  most: number,
  take: (y: number, rgba: Uint8Array) => void,
): Promise<void> {
  compiled ??= wasmModule("./webp/webp-rows.wasm");
  const pages = OWN_PAGES + Math.ceil(most / PAGE);
  let rows = 0;
  const { exports, bytes } = await runWasm(await compiled, [OWN_PAGES, pages], (memory) => {
    const takeAll = (y: number, count: number, at: number): void => {
      const [all, line] = [memory(), 4 * width];
      for (let i = 0; i < count; i++) take(y + i, all.subarray(at + line * i, at + line * (i + 1)));
      rows += count;
    };
    return { rows: { take: takeAll } };
  });
  const { begin, decode } = exports as Exports;
  const start = begin(file.length);
  if (start === 0) throw tooLarge(most);
  let end = start;
  for (const piece of file.pieces()) {
    bytes().set(piece, end);
    end += piece.length;
  }
  const status = decode(start, file.length, width, height);
  if (status === NO_MEMORY) throw tooLarge(most);
  if (status !== OK || rows !== height) throw new Error("its data is damaged");
}

const tooLarge = (most: number): Error =>
  new Error(
    `decoding it would take more than ${Math.round(most / 1e6)} MB, which no such picture does`,
  );
