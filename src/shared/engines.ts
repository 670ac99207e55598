/** `native`: TensorFlow's C library, if installed; `wasm`: TensorFlow.js' kernels, everywhere. */
export type EngineName = "native" | "wasm";
/** What a person sets; `auto` takes native where it is ready, else wasm. */
export type EngineChoice = EngineName | "auto";

/** The engine that is in use. */
export interface EngineInfo {
  readonly name: EngineName;
  /** E.g. `TensorFlow 2.13.1` or `TensorFlow.js WebAssembly 4.22.0 (SIMD)`. */
  readonly version: string;
}

/** What `doctor` says of one engine. */
export interface EngineStatus {
  readonly name: EngineName;
  readonly ready: boolean;
  readonly version: string | null;
  /** Where native's libraries lie, for the person who wants to look. */
  readonly location: string | null;
  /** Why it is not ready, with the cure; null when ready. */
  readonly reason: string | null;
}

/** Which engines are ready on this machine: the answer to `doctor` and `installNative`. */
export interface EngineReport {
  readonly engines: readonly EngineStatus[];
  /** What `auto` takes now. */
  readonly auto: EngineName;
  /** Version of Node.js; `platform` is its platform and processor: `linux-x64`. */
  readonly node: string;
  readonly platform: string;
}
