/** Of a layer, and of a block that is folded. */
export const NODE = { width: 176, height: 46 } as const;
/** Around what is in an open block; above it there is a line for its name. */
export const PAD = 14;
export const HEAD = 24;
