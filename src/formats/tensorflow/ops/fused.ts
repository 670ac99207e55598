/** What an exporter (grappler, the TF.js converter) fused to a convolution or a matrix product, taken apart again. */
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation } from "../operation.ts";
import { FUNCTIONS } from "./functions.ts";
import { batchNormed } from "./normalization.ts";
import { channelAxis } from "./views.ts";

const FOLDED = "The exporter folded a batch norm into the kernel.";

/** Applies the fused operations in order to `x`, as the file has its axes; their operands begin at input 2. */
export function fused(op: Operation, x: lower.Value): lower.Value {
  // TF.js keeps texts in base64; in a GraphDef they are plain
  const names = op.texts("fused_ops");
  if (names.length === 0) return x;
  const { l } = op;
  let next = 2;
  let out = x;
  for (const name of names) {
    if (name === "BiasAdd") {
      const bias = op.parameter(next++, "bias");
      if (bias.kind === "parameter" && /bn_offset|batchnorm|batch_norm/i.test(bias.name))
        op.note = FOLDED;
      out = lower.addBias(l, out, bias, channelAxis(op, out));
    } else if (name === "FusedBatchNorm") {
      out = batchNormed(op, out, next);
      next += 4;
    } else if (name === "Prelu") out = prelu(op, out, next++);
    else if (name === "Add" || name === "AddV2")
      out = lower.binary(l, "add", out, op.value(next++));
    else {
      const activation = FUNCTIONS.get(name);
      if (!activation) throw new Unsupported(`'${name}' is fused to it, which is not known`);
      out = activation(op, out);
    }
  }
  if (op.note === null && names.length > 1)
    op.note = `The exporter fused ${names.join(" and ")} into it; they are shown apart.`;
  return out;
}

/** With one slope for each channel, or slopes that broadcast. */
export function prelu(op: Operation, x: lower.Value, index: number): lower.Value {
  const slope = op.parameter(index, "alpha");
  const each = slope.shape.length === 1 && channelAxis(op, x) === 1 && x.shape.length > 2;
  return lower.prelu(op.l, x, each ? lower.perChannel(op.l, slope, x) : slope);
}
