import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { getKernel } from "@tensorflow/tfjs-core";
import type { EngineStatus } from "../../shared/engines.ts";
import { computeError } from "../../base/errors.ts";

const BINARY = "tfjs-backend-wasm-simd.wasm";

/** Of the TensorFlow.js that is built in; said before anything is loaded. */
export const WASM_VERSION = "TensorFlow.js WebAssembly 4.22.0";

/** What is used of TensorFlow.js. */
export interface Heap {
  readonly backend: BackendWasm;
  readonly find: typeof getKernel;
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

/** Whether the .wasm files are there, and where; nothing is loaded. */
export function wasmStatus(): EngineStatus {
  const location = wasmDir();
  const ready = location !== null;
  return {
    name: "wasm",
    ready,
    version: ready ? WASM_VERSION : null,
    location,
    reason: ready
      ? null
      : `The wasm engine is not there: ${BINARY} is missing; install ConvLens anew.`,
  };
}

let opened: Promise<Heap> | null = null;

/** Loads TensorFlow.js and its WebAssembly once per process. */
export function openHeap(): Promise<Heap> {
  opened ??= open().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}
async function open(): Promise<Heap> {
  const folder = wasmDir();
  if (folder === null) throw computeError(wasmStatus().reason ?? "");
  const core = await import("@tensorflow/tfjs-core");
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(join(folder, "/"));
  const restore = listeners();
  if (!(await core.setBackend("wasm"))) throw computeError("The wasm engine does not start here.");
  restore();
  const backend = core.backend();
  if (!(backend instanceof wasm.BackendWasm)) throw computeError("The wasm engine is not in use.");
  return { backend, find: core.getKernel };
}

/** Emscripten's handlers print its whole source and end the process on any unhandled rejection; this takes them off again. */
function listeners(): () => void {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.rawListeners(event));
  return () => {
    events.forEach((event, i) => {
      for (const listener of process.rawListeners(event))
        if (!before[i]?.includes(listener))
          process.removeListener(event, listener as (...args: unknown[]) => void);
    });
  };
}
