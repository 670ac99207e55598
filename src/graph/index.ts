export type * from "./ops.ts";
export type * from "./types.ts";
export { type AttrsOf, GraphBuilder, isPossible } from "./builder.ts";
export { dependents, fixedBatch, prune } from "./walk.ts";
export { slide } from "./windows.ts";
