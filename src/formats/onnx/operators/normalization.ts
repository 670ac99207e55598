import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

const axisOf = (call: Call, fallback: number): number =>
  cf.axisOf(call.int("axis", fallback), call.x.shape.length);

/**
 * Normalizations at inference: `BatchNormalization` in training mode throws `Unsupported`. The
 * factors of `GroupNormalization` are per group before operation set 21, per channel from then on.
 */
export const normalization: Operators = [
  [
    "BatchNormalization",
    (call) => {
      if (call.int("training_mode", 0) === 1 || call.node.outputs.filter(Boolean).length > 1)
        throw new Unsupported("it is in training mode");
      const [scale, offset, mean, variance] = [1, 2, 3, 4].map((i) => call.input(i));
      return cf.batchNorm(
        call.l,
        call.x,
        scale ?? null,
        offset ?? null,
        mean ?? null,
        variance ?? null,
        call.float("epsilon", 1e-5),
      );
    },
  ],
  [
    "InstanceNormalization",
    (call) =>
      cf.instanceNorm(call.l, call.x, call.input(1), call.input(2), call.float("epsilon", 1e-5)),
  ],
  [
    "GroupNormalization",
    (call) => {
      const groups = call.int("num_groups", 1);
      const epsilon = call.float("epsilon", 1e-5);
      const [scale, offset] = [call.input(1), call.input(2)];
      if (call.opset >= 21) return cf.groupNorm(call.l, call.x, groups, scale, offset, epsilon);
      // scale and offset are per group
      const each = (value: cf.Value): cf.Value => {
        const wide = cf.known(call.x.shape, 1) / groups;
        return cf.reshape(
          call.l,
          cf.expand(call.l, cf.unsqueeze(call.l, value, [1]), [groups, wide]),
          [-1],
        );
      };
      return cf.groupNorm(call.l, call.x, groups, each(scale), each(offset), epsilon);
    },
  ],
  [
    "LayerNormalization",
    (call) => {
      const { l, x } = call;
      const [axis, epsilon] = [axisOf(call, -1), call.float("epsilon", 1e-5)];
      const y = cf.layerNorm(l, x, axis, call.input(1), call.optional(2), epsilon);
      return call.node.outputs.length > 1 ? [y, ...cf.statistics(l, x, axis, epsilon)] : y;
    },
  ],
  [
    "RMSNormalization",
    (call) =>
      cf.rmsNorm(call.l, call.x, axisOf(call, -1), call.input(1), call.float("epsilon", 1e-5)),
  ],
  [
    "LRN",
    (call) =>
      cf.localResponseNorm(
        call.l,
        call.x,
        call.required("size"),
        call.float("alpha", 1e-4),
        call.float("beta", 0.75),
        call.float("bias", 1),
      ),
  ],
  ["LpNormalization", (call) => cf.unitNorm(call.l, call.x, axisOf(call, -1), call.int("p", 2), 0)],
  [
    "MeanVarianceNormalization",
    (call) => cf.standardised(call.l, call.x, call.ints("axes") ?? [0, 2, 3], 0),
  ],
];
