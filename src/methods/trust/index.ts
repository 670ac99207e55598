/** How far a map can be trusted: what it orders, and whether it depends on the network at all. */
export { deletionInsertion } from "./deletion-insertion.ts";
export { sanityCheck, type MapOf } from "./randomisation.ts";
