import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** A compiled WebAssembly module; the Node types do not name it. */
export type WasmModule = object;
interface Memory {
  readonly buffer: ArrayBuffer;
}
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(module: WasmModule, imports: object): Promise<{ readonly exports: unknown }>;
  Memory: new (pages: { initial: number; maximum: number }) => Memory;
};

/** Compiles a decoder's .wasm: from beside the bundle, or from its package, or the folder that it lies in here, when run from source. */
export async function wasmModule(specifier: string): Promise<WasmModule> {
  const beside = fileURLToPath(new URL(`./${basename(specifier)}`, import.meta.url));
  const bytes = await readFile(beside).catch(() =>
    readFile(createRequire(import.meta.url).resolve(specifier)),
  );
  return WebAssembly.compile(bytes);
}

/** A module that takes its memory from without, in pages of 64 KiB: what it begins with, and the most. */
export async function runWasm(
  module: WasmModule,
  [initial, maximum]: readonly [number, number],
  imports: (bytes: () => Uint8Array) => object,
): Promise<{ readonly exports: unknown; readonly bytes: () => Uint8Array }> {
  const memory = new WebAssembly.Memory({ initial, maximum });
  // what it had is gone when it has grown
  const bytes = (): Uint8Array => new Uint8Array(memory.buffer);
  const made = await WebAssembly.instantiate(module, { env: { memory }, ...imports(bytes) });
  return { exports: made.exports, bytes };
}
