import type { BigIntStats } from "node:fs";

/**
 * One generation of a file in a line: its size, when it and its entry were last changed, to the nanosecond, and which file it is. Equal
 * stamps before and after a read mean that one generation was read; a copy under a new name, or a rewrite that keeps the time, has
 * another stamp.
 */
export const fileStamp = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string =>
  [size, mtimeNs, ctimeNs, ino].join(" ");
