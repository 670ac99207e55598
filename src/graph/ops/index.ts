import { binaryFunctions } from "./binary.ts";
import { convolution } from "./convolution.ts";
import type { Definitions } from "./definition.ts";
import { indexing } from "./indexing.ts";
import { layouts } from "./layout.ts";
import { linear } from "./linear.ts";
import { pooling } from "./pooling.ts";
import { reductions } from "./reduction.ts";
import { resize } from "./resize.ts";
import { unaryFunctions } from "./unary.ts";

/** What every operation means: shape, reads, multiply-adds, numbers. How it runs is in `engine/ops`. */
export const definitions: Definitions = {
  ...convolution,
  ...linear,
  ...pooling,
  ...unaryFunctions,
  ...binaryFunctions,
  ...reductions,
  ...layouts,
  ...indexing,
  ...resize,
};
