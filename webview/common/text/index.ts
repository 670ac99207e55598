/** Words and numbers as they are read. */
export * from "./describe.ts";
export * from "./file-name.ts";
export * from "./format.ts";
export * from "./l10n.ts";
export * from "./methods.ts";
export * from "./ranking.ts";
export * from "./search.ts";
export * from "./structure.ts";
