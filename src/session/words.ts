/** How the maps of several layers become one. */
export const MERGED =
  "the mean of the layers' maps, each after ReLU, enlarged to the input and divided by its layer's largest value";
