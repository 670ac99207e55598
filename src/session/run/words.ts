import type { Preprocessing } from "../../base/preprocessing.ts";

/** How the maps of several layers become one. */
export const MERGED =
  "the mean of the layers' maps, each after ReLU, enlarged to the input and divided by its layer's largest value";

/** How pictures become inputs, in a line: `(u × 0.00392157 − [0]) / [1], rgb, crop`. */
export const scalingText = ({ order, scale, mean, std, fit }: Preprocessing): string =>
  `(u × ${Number(scale.toPrecision(6))} − [${mean.join(", ")}]) / [${std.join(", ")}], ${order}, ${fit}`;
