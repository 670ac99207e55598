import { activation } from "./activation.ts";
import { binaryFunctions } from "./binary.ts";
import { convolution } from "./convolution.ts";
import { indexing } from "./indexing.ts";
import { layout } from "./layout.ts";
import { linear } from "./linear.ts";
import { pooling } from "./pooling.ts";
import { reduction } from "./reduction.ts";
import { resize } from "./resize.ts";
import type { Operations } from "./types.ts";
import { unaryFunctions } from "./unary.ts";

/** Every operation that computes, with its gradient, its TensorFlow node and its wasm kernel. */
export const operations: Operations = {
  ...convolution,
  ...linear,
  ...pooling,
  ...activation,
  ...unaryFunctions,
  ...binaryFunctions,
  ...reduction,
  ...layout,
  ...indexing,
  ...resize,
};
