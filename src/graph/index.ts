export type * from "./ops/attributes.ts";
export type { Typed } from "./ops/definition.ts";
export type * from "./types.ts";
export { type AttrsOf, GraphBuilder, isPossible } from "./builder.ts";
export { evaluate, evaluateInDoubles, MOST_FOLDED, type KnownNumbers } from "./fold.ts";
export { definitions } from "./ops/index.ts";
export { broadcast } from "./ops/shaping.ts";
export { slide } from "./ops/windows.ts";
export { dependents, fixedBatch, prune } from "./walk.ts";
