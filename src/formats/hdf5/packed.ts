/** Chunks that are packed: the library unpacks a chunk to its end, whatever size the chunk should have. */
import { inflateSync } from "node:zlib";

/** deflate, shuffle and fletcher32 are what writers of networks use; deflate after deflate multiplies. */
const KNOWN = [1, 2, 3];

/** Whether a chunk goes through known steps, each once. */
export const stepsAreKnown = (steps: readonly { readonly id: number }[]): boolean =>
  steps.every(({ id }, i) => KNOWN.includes(id) && steps.findIndex((one) => one.id === id) === i);

/** Whether bytes stay within `limit` when they are unpacked, if they look like a zlib stream (RFC 1950) at all. */
export function staysWithin(bytes: Uint8Array, limit: number): boolean {
  const [method = 0, flags = 0] = bytes;
  if ((method & 15) !== 8 || ((method << 8) | flags) % 31 !== 0) return true;
  try {
    inflateSync(bytes, { maxOutputLength: Math.max(1, limit) });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE";
  }
}
