import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** A compiled WebAssembly module; the Node types do not name it. */
export type WasmModule = object;
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<WasmModule> };

/** Compiles a decoder's .wasm: from beside the bundle, or from its package when run from source. */
export async function wasmModule(specifier: string): Promise<WasmModule> {
  const beside = fileURLToPath(new URL(`./${basename(specifier)}`, import.meta.url));
  const bytes = await readFile(beside).catch(() =>
    readFile(createRequire(import.meta.url).resolve(specifier)),
  );
  return WebAssembly.compile(bytes);
}
