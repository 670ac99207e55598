export { camLayer } from "./cam-layer.ts";
export { summariseLayers } from "./layers.ts";
export { findScores, scoreIn, unitOf } from "./scores.ts";
export { seenBy } from "./seen.ts";
