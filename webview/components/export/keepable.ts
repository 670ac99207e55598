import { html, type TemplateResult } from "lit";
import type { CallOptions } from "../../../src/rpc/index.ts";

type Soon<T> = T | Promise<T>;

/** An entry of the menu. */
export interface Item {
  readonly label: string;
  /** Its progress is shown on the button, which then cancels it. */
  run(options: CallOptions): unknown;
}
/** An array as it is saved to a `.npy` file: float32, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
/** What can be kept of a picture: itself, its numbers, all of it as JSON, and what else a lens offers. */
export interface Keepable {
  /** Begins the names of files. */
  readonly name: string;
  /** PNG. */
  readonly picture?: (() => Soon<Uint8Array | null>) | null;
  readonly numbers?: (() => Soon<Numbers | null>) | null;
  readonly json?: (() => unknown) | null;
  readonly more?: readonly Item[];
}

/** The menu that copies or saves; `what` is kept, in words: `the heat map of cat`. Disabled while there is nothing. */
export const keep = (what: string, of: Keepable | null): TemplateResult =>
  html`<convlens-keep .what=${what} .of=${of}></convlens-keep>`;
