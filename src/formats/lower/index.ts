/**
 * The one vocabulary that all formats lower their layers with. Functions take and give values in PyTorch's order of axes (NCHW);
 * a tensor knows the order in which its node keeps them (the graph's is NHWC), so a format with channels last relabels its values
 * around a call, which moves nothing, and only operations that need another order move axes. Shape arithmetic stays out of the
 * graph (`host.ts`), with the free batch in it (`batch.ts`); names in each dialect are in `names.ts`.
 */
export * from "./activation.ts";
export * from "./attention.ts";
export { BATCH, freeAgain, freeBatch, freed, isFree, sizeFor } from "./batch.ts";
export * from "./convolution.ts";
export * from "./division.ts";
export * from "./einsum.ts";
export * from "./elementwise.ts";
export * from "./expanding.ts";
export * from "./indexing.ts";
export * from "./linear.ts";
export { counted, filled } from "./host.ts";
export { keptKernel } from "./kernel.ts";
export * from "./interpolation.ts";
export { Lowering } from "./lowering.ts";
export { maxPoolPlaces } from "./max-places.ts";
export { operationsIn, reductionsIn, refuseMore, type NamedOperation } from "./names.ts";
export { Network, seenAs, type Use } from "./network.ts";
export * from "./normalization.ts";
export { oneHot } from "./one-hot.ts";
export * from "./padding.ts";
export * from "./picking.ts";
export * from "./pictures.ts";
export * from "./pooling.ts";
export * from "./recurrent.ts";
export * from "./reduction.ts";
export * from "./reordering.ts";
export * from "./reshaping.ts";
export * from "./resizing.ts";
export * from "./space-to-batch.ts";
export * from "./suppression.ts";
export { stridedSlice } from "./strided-slice.ts";
export { triangle } from "./triangle.ts";
export { Impossible } from "./unsupported.ts";
export * from "./value.ts";
export { separately } from "./volumes.ts";
export type { Geometry } from "./windows.ts";
