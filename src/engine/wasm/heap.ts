import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { getKernel } from "@tensorflow/tfjs-core";
import { computeError } from "../../shared/errors.ts";

const BINARY = "tfjs-backend-wasm-simd.wasm";

/** What is used of TensorFlow.js. */
export interface Heap {
  readonly backend: BackendWasm;
  readonly find: typeof getKernel;
  /** Of TensorFlow.js, e.g. `4.22.0 (SIMD)`. */
  readonly version: string;
}

/** Where the .wasm files lie: beside the bundle, or in the package; null when they are nowhere. */
export function wasmDir(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  if (existsSync(join(here, BINARY))) return here;
  try {
    const manifest = createRequire(import.meta.url).resolve(
      "@tensorflow/tfjs-backend-wasm/package.json",
    );
    return join(dirname(manifest), "dist");
  } catch {
    return null;
  }
}

let opened: Promise<Heap> | null = null;

/** Loads TensorFlow.js and its WebAssembly once per process. */
export function openHeap(): Promise<Heap> {
  opened ??= open();
  return opened;
}
async function open(): Promise<Heap> {
  const folder = wasmDir();
  if (folder === null) throw computeError(`The wasm engine is not there: ${BINARY} is missing.`);
  const core = await import("@tensorflow/tfjs-core");
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(join(folder, "/"));
  const simd = await core.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  if (!(await core.setBackend("wasm"))) throw computeError("The wasm engine does not start here.");
  await core.ready();
  return {
    backend: core.backend() as BackendWasm,
    find: core.getKernel,
    version: `${core.version_core}${simd ? " (SIMD)" : ""}`,
  };
}
