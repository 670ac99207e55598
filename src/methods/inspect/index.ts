export { attentionLayer, camLayer } from "./cam-layer.ts";
export { parametersIn, summariseLayers } from "./layers.ts";
export { unitOf } from "./scores.ts";
export { seenBy } from "./exact-receptive-field.ts";
