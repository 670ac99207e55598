/** What an exporter (grappler, the TF.js converter) fused to a convolution or a matrix product, taken apart again. */
import type { NodeId } from "../../../graph/index.ts";
import type { Operation } from "../operation.ts";
import { Unsupported, type Value } from "../values.ts";
import { activationNamed } from "./activations.ts";

/** TF.js keeps texts in base64; in a GraphDef they are plain. */
const names = (op: Operation): readonly string[] => op.texts("fused_ops");

/** Applies the fused operations in order; `x` is channels last. */
export function fused(op: Operation, x: NodeId): NodeId {
  const list = names(op);
  if (list.length === 0) return x;
  let next = 2;
  const take = (): Value => op.value(next++);
  let out = x;
  for (const name of list) {
    if (name === "BiasAdd") {
      const bias = take();
      if (bias.kind === "parameter" && /bn_offset|batchnorm|batch_norm/i.test(bias.parameter.name))
        op.note = "The exporter folded a batch norm into the kernel.";
      out = op.make("biasAdd", [out, op.weight(bias, "bias", null)]);
    } else if (name === "FusedBatchNorm") {
      const [scale, offset, mean, variance] = [
        "gamma",
        "beta",
        "moving_mean",
        "moving_variance",
      ].map((role) => op.weight(take(), role, null)) as [NodeId, NodeId, NodeId, NodeId];
      const epsilon = op.float("epsilon", 1e-4);
      out = op.make("batchNorm", [out, scale, offset, mean, variance], { epsilon });
    } else if (name === "Prelu") {
      const slope = op.weight(take(), "alpha", null);
      const below = op.make("mul", [slope, op.make("minimum", [out, op.scalar(0)])]);
      out = op.make("add", [op.make("relu", [out]), below]);
    } else if (name === "Add" || name === "AddV2") {
      out = op.make("add", [out, op.asTensor(take())]);
    } else {
      const activation = activationNamed(name);
      if (!activation) throw new Unsupported(`'${name}' is fused to it, which is not known`);
      out = activation(op, out);
    }
  }
  if (op.note === null && list.length > 1)
    op.note = `The exporter fused ${list.join(" and ")} into it; they are shown apart.`;
  const phases = op.phases.get(x);
  if (phases) op.phases.set(out, { ...phases, source: out });
  return out;
}
