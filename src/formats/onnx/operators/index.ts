import type { Reading } from "../../lower/index.ts";
import type { Operator } from "../call.ts";
import { activation } from "./activation.ts";
import { arithmetic } from "./arithmetic.ts";
import { convolution } from "./convolution.ts";
import { indexing } from "./indexing.ts";
import { integers } from "./integers.ts";
import { linear } from "./linear.ts";
import { normalization } from "./normalization.ts";
import { picking } from "./picking.ts";
import { quantization } from "./quantization.ts";
import { recurrents } from "./recurrent.ts";
import { reductions } from "./reduction.ts";
import { resizing } from "./resizing.ts";
import { shaping } from "./shaping.ts";
import { suppressions } from "./suppression.ts";

/** The operations of ONNX's own domain that are executed. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...convolution,
  ...linear,
  ...normalization,
  ...activation,
  ...arithmetic,
  ...recurrents,
  ...reductions,
  ...shaping,
  ...indexing,
  ...picking,
  ...quantization,
  ...integers,
  ...resizing,
  ...suppressions,
]);

export { MICROSOFT } from "./integers.ts";

const PICTURES: ReadonlySet<string> = new Set([
  ...convolution.map(([name]) => name),
  ...["BatchNormalization", "InstanceNormalization", "GroupNormalization"],
]);
const CELLS: ReadonlySet<string> = new Set([
  ...[...activation, ...arithmetic].map(([name]) => name),
  ...["Identity", "Dropout"],
]);
/** What an ONNX operation takes: pictures [N, C, H, W], single cells, or neither (null). */
export const readsOf = (op: string): Reading["reads"] =>
  PICTURES.has(op) ? "pictures" : CELLS.has(op) ? "cells" : null;
