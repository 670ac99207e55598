import type { ConvAttrs, NodeId, Pair } from "../../../graph/index.ts";
import { Unsupported, type Lower, type OpScope } from "../scope.ts";
import { activated } from "./fused.ts";

const padding = (scope: OpScope): "same" | "valid" => (scope.i8(0) === 0 ? "same" : "valid");
/** Options of rows and columns that are at least 1. */
export function steps(scope: OpScope, rows: number, columns: number): Pair {
  const pair = [scope.i32(rows, 1), scope.i32(columns, 1)] as const;
  if (pair.some((step) => step < 1)) throw new Unsupported("its windows do not move");
  return pair;
}
const known = (size: number | null | undefined, what: string): number => {
  if (typeof size !== "number" || size < 1) throw new Unsupported(`its ${what} is not known`);
  return size;
};
const channels = (scope: OpScope, x: NodeId): number =>
  known(scope.shapeOf(x).at(-1), "number of channels");

function withBias(scope: OpScope, x: NodeId, input: number): NodeId {
  return scope.has(input) ? scope.op("biasAdd", [x, scope.node(input, "bias")]) : x;
}

/** A kernel of the file, or one that is computed, turned from OHWI. */
const hwio = (scope: OpScope): NodeId =>
  scope.kernel(1, "kernel", "hwio") ?? scope.transpose(scope.node(1), [1, 2, 3, 0]);

/** (x, kernel [F, h, w, C / groups], bias) */
export const conv2d: Lower = (scope) => {
  const x = scope.node(0);
  const attrs: ConvAttrs = {
    padding: padding(scope),
    strides: steps(scope, 2, 1),
    dilations: steps(scope, 5, 4),
  };
  const sum = scope.op("conv2d", [x, hwio(scope)], attrs);
  return activated(scope, withBias(scope, sum, 2), 3);
};

/** (x, kernel [1, h, w, C * M], bias) */
export const depthwiseConv2d: Lower = (scope) => {
  const x = scope.node(0);
  const [, height = null, width = null, out = null] = scope.shape(1);
  const [inputs, outputs] = [channels(scope, x), known(out, "kernel")];
  const multiplier = outputs / inputs;
  if (!Number.isInteger(multiplier)) throw new Unsupported("its kernel does not fit its input");
  const kernel =
    scope.kernel(1, "kernel", "hwcm", multiplier) ??
    scope.reshape(scope.node(1), [
      ...[known(height, "kernel"), known(width, "kernel")],
      ...[inputs, multiplier],
    ]);
  const attrs: ConvAttrs = {
    padding: padding(scope),
    strides: steps(scope, 2, 1),
    dilations: steps(scope, 6, 5),
  };
  const sum = scope.op("depthwiseConv2d", [x, kernel], attrs);
  return activated(scope, withBias(scope, sum, 2), 4);
};

/** (shape of the output, kernel [F, h, w, C], x, bias): the gradient of a convolution with respect to its input */
export const transposeConv: Lower = (scope) => {
  const [, rows = 0, columns = 0, filters = 0] = scope.ints(0);
  const kernel = scope.kernel(1, "kernel", "hwoi") ?? scope.transpose(scope.node(1), [1, 2, 0, 3]);
  const sum = scope.op("conv2dInputGrad", [scope.node(2), kernel], {
    padding: padding(scope),
    strides: steps(scope, 2, 1),
    dilations: [1, 1],
    inputSize: [rows, columns, filters],
  });
  return activated(scope, withBias(scope, sum, 3), 3);
};

/** (x, matrix [units, C], bias): over the last axis, or over all of a picture's numbers */
export const fullyConnected: Lower = (scope) => {
  if (scope.i8(1) !== 0) throw new Unsupported("its matrix is stored in a shuffled order");
  const x = scope.node(0);
  const [units = null, inputs = null] = scope.shape(1);
  const width = known(inputs, "matrix");
  const sizes = scope.sizes(x);
  const rows = sizes.reduce((product, axis) => product * axis, 1) / width;
  const flat = scope.reshape(x, [rows, width]);
  const matrix = scope.node(1, "kernel");
  const product = scope.op("matMul", [flat, matrix], { transposeA: false, transposeB: true });
  const result = activated(scope, withBias(scope, product, 2), 0);
  if (!scope.bool(2) || sizes.length === 2) return result;
  const shape = [...sizes.slice(0, -1), known(units, "matrix")];
  return { ...result, outputs: result.outputs.map((id) => scope.reshape(id as NodeId, shape)) };
};

/** (a, b): matrices in the last two axes */
export const batchMatMul: Lower = (scope) =>
  scope.op("matMul", [scope.node(0), scope.node(1, "kernel")], {
    transposeA: scope.bool(0),
    transposeB: scope.bool(1),
  });
