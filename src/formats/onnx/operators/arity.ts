/** How many values operations take and give (https://onnx.ai/onnx/operators/). */
import { Impossible, operationsIn, reductionsIn, refuseMore } from "../../lower/index.ts";
import type { OnnxNode } from "../proto.ts";

/** With the most inputs that any operation set gives them; of any number where they stand nowhere. */
const TAKING: Readonly<Record<number, string>> = {
  1: `DynamicQuantizeLinear MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool LRN LpNormalization
    MeanVarianceNormalization LeakyRelu Elu Celu Selu Gelu HardSigmoid Swish ThresholdedRelu Shrink
    Softmax LogSoftmax Hardmax Cast ArgMax ArgMin Flatten Transpose DepthToSpace SpaceToDepth Shape
    Size ConstantOfShape IsInf Identity`,
  2: `MatMul RMSNormalization PRelu Pow Mod CastLike CumSum Reshape Squeeze Unsqueeze Expand Split
    Gather GatherND GatherElements CenterCropPad Trilu Upsample`,
  3: `Conv ConvTranspose Gemm InstanceNormalization GroupNormalization LayerNormalization Clip Where
    Range OneHot ScatterND QuantizeLinear DequantizeLinear Tile Dropout`,
  4: "Pad Resize ConvInteger MatMulInteger",
  5: "Slice BatchNormalization",
  6: "Attention RNN GRU",
  8: "LSTM QLinearMatMul",
  9: "QLinearConv",
  12: "DynamicQuantizeLSTM",
};
/** With more outputs than one. */
const GIVING: ReadonlyMap<string, number> = new Map([
  ["MaxPool", 2],
  ["Dropout", 2],
  ["LayerNormalization", 3],
  ["Attention", 4],
  ["BatchNormalization", 5],
  ["RNN", 2],
  ["GRU", 2],
  ["LSTM", 3],
  ["DynamicQuantizeLinear", 3],
  ["DynamicQuantizeLSTM", 3],
  ["Split", Infinity],
]);

const MOST: ReadonlyMap<string, number> = new Map([
  ...[...operationsIn("onnx")].map(([name, { operands }]) => [name, operands] as const),
  ...[...reductionsIn("onnx").keys()].map((name) => [name, 2] as const),
  ...Object.entries(TAKING).flatMap(([most, words]) =>
    words.split(/\s+/).map((name) => [name, Number(most)] as const),
  ),
]);

/** What is left out at the end counts for nothing. */
const countOf = (names: readonly string[]): number =>
  names.findLastIndex((name) => name !== "") + 1;

/** Throws `Impossible` where a node takes or gives more than its operation has: it would be answered from some of it. `name`: its layer's. */
export function checkArity({ op, inputs, outputs }: OnnxNode, name: string): void {
  refuseMore(name, MOST.get(op) ?? Infinity, countOf(inputs));
  const [most, count] = [GIVING.get(op) ?? 1, countOf(outputs)];
  if (count > most)
    throw new Impossible(`'${name}' gives ${most} of the ${count} values that it is to give`);
}
