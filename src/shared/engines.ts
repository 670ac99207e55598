export type EngineName = "native" | "wasm";
export type EngineChoice = EngineName | "auto";

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

export interface EngineReport {
  readonly engines: readonly EngineStatus[];
  /** What `auto` takes now. */
  readonly auto: EngineName;
  readonly node: string;
  readonly platform: string;
}
