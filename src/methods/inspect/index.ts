export { camLayer } from "./cam-layer.ts";
export { isSpatial, summariseLayers } from "./layers.ts";
export { findScores, unitOf } from "./scores.ts";
export { seenBy } from "./seen.ts";
