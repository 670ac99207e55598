/** Files whose numbers contradict each other, a table for each format. */
import assert from "node:assert/strict";

/** By what contradicts: a file's bytes, and what the refusal says. */
export type Cases<T = Uint8Array> = Readonly<Record<string, readonly [T, RegExp]>>;

/** What has to be there in a fixture. */
export const at = <T>(of: Readonly<Record<string, T>>, name: string): T =>
  of[name] ?? assert.fail(name);
