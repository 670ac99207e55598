export type * from "./ops/attributes.ts";
export type { Definition, Line, Reads, Typed } from "./ops/definition.ts";
export type * from "./types.ts";
export { attentionBefore } from "./attention.ts";
export { type AttrsOf, GraphBuilder, isPossible } from "./builder.ts";
export {
  evaluate,
  evaluateInDoubles,
  evaluateNode,
  MOST_FOLDED,
  type KnownNumbers,
} from "./fold.ts";
export { dependsOn, isDependent, isOpaque, notRun, opaqueBefore } from "./not-run.ts";
export { definitions } from "./ops/index.ts";
export type { Unary } from "./ops/unary.ts";
export { slide } from "./ops/windows.ts";
export { dependents, fixedBatch, prune } from "./walk.ts";
export { type Box, type Interval, wholeBox } from "./boxes.ts";
export {
  isMade,
  macsOf,
  macsOfCall,
  type MadeNode,
  type OnePicture,
  onePicture,
  readsOf,
} from "./one-picture.ts";
export { fieldOf, isMap } from "./places.ts";
export { isHomeIn, withMaps } from "./laid-out.ts";
export { boxesSeen } from "./seen.ts";
export { isPicture, isSeries, withSeries } from "./series.ts";
export { pictureInputs, positionsOf } from "./positions.ts";
export { withVolumes } from "./volumes.ts";
