/** Pictures, labels and arrays: files to pixels to the network's input, and back to files. */
export { arrayView } from "./draw/array-view.ts";
export { seriesView } from "./draw/series-view.ts";
export { animate, type Moment } from "./encode/animate.ts";
export { drawAnswer } from "./draw/answers.ts";
export { beside } from "./draw/beside.ts";
export { judgePicture } from "./decode/decode.ts";
export { decodePicture, held, readPicture } from "./decode/picture.ts";
export type { Picture } from "./decode/picture.ts";
export { fitRegion } from "./input/fit.ts";
export { resizeBilinear } from "./input/resize.ts";
export { thumbnail } from "./draw/thumbnail.ts";
export { modelView, toInput } from "./input/preprocess.ts";
export { encodePng } from "./encode/png.ts";
export { decodeNpy, decodeNpyShape, encodeNpy } from "../shared/npy.ts";
export { overlay } from "./draw/overlay.ts";
export { labelsIn, readLabels } from "./input/labels.ts";
export { parsePreprocess } from "./input/parse-preprocess.ts";
export { squareColumns, tileGrid, tileSheet } from "./draw/tile-grid.ts";
