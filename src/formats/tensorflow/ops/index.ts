/** The TensorFlow operations that are understood. Adding one: a rule in its family's file. */
import type { Rule } from "../operation.ts";
import { ACTIVATION_NAMES } from "./activations.ts";
import { control } from "./control.ts";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { layout } from "./layout.ts";
import { linear } from "./linear.ts";
import { normalization } from "./normalization.ts";
import { pooling } from "./pooling.ts";
import { reduction } from "./reduction.ts";
import { shapes } from "./shapes.ts";
import { slicing } from "./slicing.ts";

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...control,
  ...convolution,
  ...elementwise,
  ...layout,
  ...linear,
  ...normalization,
  ...pooling,
  ...reduction,
  ...shapes,
  ...slicing,
]);

export const ruleOf = (op: string): Rule | undefined => RULES.get(op);

const ON_CONVOLVED = new Set([...ACTIVATION_NAMES, "BiasAdd", "Identity", "BatchToSpaceND"]);

/** What may come between SpaceToBatchND and BatchToSpaceND: one convolution, then what treats every position alike. */
export const worksOnPhases = (op: string, convolved: boolean): boolean =>
  convolved
    ? ON_CONVOLVED.has(op) || /^FusedBatchNorm/.test(op)
    : /^(_?Fused)?(Conv2D|DepthwiseConv2dNative)$/.test(op);
