/** Pictures, labels and arrays: files to pixels to the network's input, and back to files. */
export { arrayView } from "./array-view.ts";
export { animate, type Moment } from "./animate.ts";
export { beside } from "./beside.ts";
export { decodePicture, readPicture } from "./decode.ts";
export type { DecodedPicture } from "./decode.ts";
export { fitRegion } from "./fit.ts";
export { resizeBilinear } from "./resize.ts";
export { thumbnail } from "./thumbnail.ts";
export { modelView, toInput } from "./preprocess.ts";
export { encodePng } from "./encode-png.ts";
export { decodeNpy, encodeNpy } from "../shared/npy.ts";
export { overlay } from "./overlay.ts";
export { readLabels } from "./labels.ts";
export { parsePreprocess } from "./parse-preprocess.ts";
export { squareColumns, tileGrid, tileSheet } from "./tile-grid.ts";
