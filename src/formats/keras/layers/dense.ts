import type { LayerSpec } from "../scope.ts";
import { activated, biased } from "./convolution.ts";

/** Over the last axis; a tensor of higher rank goes through a convolution of one cell. */
export const dense: LayerSpec = {
  weights: (config) => (config.boolean("use_bias", true) ? ["kernel", "bias"] : ["kernel"]),
  lower: (scope) => {
    const { x } = scope;
    const units = scope.config.number("units", 0);
    const inputs = scope.channels(x);
    const kernel = scope.weight("kernel", [inputs, units]);
    if (scope.rank(x) === 2) {
      const sum = scope.op("matMul", [x, kernel], { transposeA: false, transposeB: false });
      return activated(scope, biased(scope, sum, units));
    }
    const [batch = null, ...rest] = scope.shape(x);
    const cells = rest.slice(0, -1).reduce<number>((product, axis) => product * (axis ?? 1), 1);
    const rows = scope.rank(x) === 4 ? scope.dim(x, 1) : cells;
    const image = scope.reshape(x, [batch, rows, cells / rows, inputs]);
    const sum = scope.op("conv2d", [image, scope.reshape(kernel, [1, 1, inputs, units])], {
      strides: [1, 1],
      padding: "valid",
      dilations: [1, 1],
    });
    const out = scope.reshape(biased(scope, sum, units), [batch, ...rest.slice(0, -1), units]);
    return activated(scope, out);
  },
};
