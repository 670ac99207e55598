/** The TensorFlow operations that are understood. Adding one: a rule in its family's file. */
import type { Rule } from "../operation.ts";
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
import { suppressions } from "./suppression.ts";

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
  ...suppressions,
]);

/** How an operation is lowered, by its name in the file; undefined for one that is not understood. */
export const ruleOf = (op: string): Rule | undefined => RULES.get(op);
