/** Two models side by side: layers matched, graphs compared, tiles on one scale. */
export type { Compared } from "./changes.ts";
export { pairClasses, topPairs, totalVariation, type ClassPair } from "./classes.ts";
export { modelDiff, type Diff } from "./diff.ts";
export { comparedTiles, magnitudeOf, type Numbers } from "./tiles.ts";
