/** Two models side by side: layers matched, graphs compared, tiles on one scale. */
export { shapeText, type Compared } from "./changes.ts";
export { pairClasses, topPairs, totalVariation, type ClassPair } from "./classes.ts";
export { modelDiff, structureDiff, type Diff } from "./diff.ts";
export { comparedTiles, magnitudeOf, type Numbers } from "./tiles.ts";
