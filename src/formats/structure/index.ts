/** Weights poured into a network that is known: what a structure is, where it is read from, and whether a state dict is its own. */
export type { Match, NoMatch, StateDict, StructureFinder, Told } from "./find.ts";
export { fit, isCounter, isMisfit } from "./fit.ts";
export { withOrigin } from "./origin.ts";
export { packed, type Origin } from "./packed.ts";
export { readKeptStructure, readStructure, STRUCTURE_FILES } from "./read.ts";
export { sameNumbers } from "./same.ts";
export type { Structure } from "./structure.ts";
