/** What lenses and components draw with: colour maps, canvases, tiles, curves. */
export * from "./answer.ts";
export * from "./chart.ts";
export * from "./colormaps.ts";
export * from "./curve.ts";
export * from "./curves.ts";
export * from "./planes.ts";
export * from "./raster.ts";
export * from "./scroll-window.ts";
export * from "./tile-layout.ts";
export * from "./tile-pages.ts";
export * from "./visible-rows.ts";
