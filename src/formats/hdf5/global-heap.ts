import type { ByteSource } from "../bytes/source.ts";

const SIGNATURE = Buffer.from("GCOL");
const HEADER = 16;

/** Whether the bytes at a position begin a global heap: the place where texts of variable length are kept. */
export const beginsHeap = (bytes: Uint8Array): boolean =>
  SIGNATURE.every((byte, i) => bytes[i] === byte);

/**
 * Whether the objects of the global heap at `start` lie in it one after the other (HDF5 file format 3.0, III.E). The library adds
 * their sizes in 32 bits and never comes to an end where one is 0 or wraps around.
 */
export function heapIsSound(source: ByteSource, start: number): boolean {
  const head = Buffer.alloc(HEADER);
  if (source.readInto(head, start) !== HEADER) return false;
  const size = Number(head.readBigUInt64LE(8));
  const end = start + size;
  if (size < 4096 || end > source.size) return false;
  for (let at = start + HEADER; at + HEADER <= end;) {
    source.readInto(head, at);
    const index = head.readUInt16LE(0);
    const bytes = Number(head.readBigUInt64LE(8));
    // object 0 is the free space, and its size counts its own header
    const next = index === 0 ? at + bytes : at + HEADER + Math.ceil(bytes / 8) * 8;
    if (next > end || next <= at) return false;
    at = next;
  }
  return true;
}
