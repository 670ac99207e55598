import { arch, platform } from "node:os";
import { ConvLensError } from "../base/errors.ts";
import type { EngineChoice, EngineReport } from "../shared/engines.ts";
import { NativeBackend } from "./native/engine.ts";
import { loadBinding, nativeStatus } from "./native/load.ts";
import { notReady } from "./native/locate.ts";
import { PlannedEngine } from "./planned.ts";
import type { Engine } from "./types.ts";
import { WasmBackend } from "./wasm/engine.ts";
import { openHeap, wasmStatus } from "./wasm/heap.ts";

export { differentiate } from "./gradient.ts";
export { nativeStatus } from "./native/load.ts";
export type { Engine } from "./types.ts";

/**
 * An engine of the kind asked for. `auto` takes native where it is ready, else wasm, and `fallback` says why it is wasm.
 * Throws a ConvLensError of kind `compute` when the one asked for cannot run here.
 */
export async function createEngine(
  choice: EngineChoice,
): Promise<{ engine: Engine; fallback: string | null }> {
  let fallback: string | null = null;
  if (choice !== "wasm") {
    const answer = loadBinding();
    if ("binding" in answer)
      return { engine: new PlannedEngine(new NativeBackend(answer.binding)), fallback: null };
    fallback = notReady(answer.reason).reason;
    if (choice === "native") throw new ConvLensError("compute", fallback ?? answer.reason);
  }
  return { engine: new PlannedEngine(new WasmBackend(await openHeap())), fallback };
}

/** Which engines are ready here, with versions and reasons. Loads native TensorFlow to be sure. */
export function engineReport(): EngineReport {
  const native = nativeStatus(true);
  return {
    engines: [native, wasmStatus()],
    auto: native.ready ? "native" : "wasm",
    node: process.version,
    platform: `${platform()}-${arch()}`,
  };
}
