/** Style sheets that elements share, and icons. */
export * from "./control-styles.ts";
export * from "./details.ts";
export * from "./dialog.ts";
export * from "./icons.ts";
export * from "./lens-layout.ts";
export * from "./theme.ts";
