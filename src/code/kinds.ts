import type { ScriptLayer } from "../shared/contract/code.ts";
import type { LayerOp, LayerSummary } from "../shared/contract/model.ts";

const KINDS: readonly (readonly [RegExp, LayerOp])[] = [
  [/^Input/, "input"],
  [/Transpose/, "transposed-conv"],
  [/^Depthwise/, "depthwise-conv"],
  [/Conv/, "conv"],
  [/^(Dense|Linear|LazyLinear)$/, "dense"],
  [/Norm/, "norm"],
  [/Pool/, "pool"],
  [/^(Rescaling|Normalization|Resizing|CenterCrop|Random\w+)$/, "preprocess"],
  [/^(Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate|Dot)$/, "merge"],
  [
    /^(Flatten|Unflatten|Reshape|Permute|RepeatVector|ZeroPad\w+|\w+Pad[12]d|Cropping\w+|UpSampl\w+|Upsampl\w+)$/,
    "reshape",
  ],
  [
    /(ReLU|Relu|ELU|Activation|Softmax|Sigmoid|Tanh|SiLU|GELU|Hardswish|Hardsigmoid|Mish)$/i,
    "activation",
  ],
];

/** The kind of layer that a class of Keras or PyTorch makes, in the words of the files' layers. */
export const kindOf = (className: string): LayerOp =>
  KINDS.find(([pattern]) => pattern.test(className))?.[1] ?? "other";

/** A grouped convolution with one channel a group is depthwise in the file and a plain one in the code. */
const group = (op: LayerOp): LayerOp => (op === "depthwise-conv" ? "conv" : op);

/** Whether a layer of the script can be one of the file: by kind, else by the name of its class. */
export const sameKind = (script: ScriptLayer, layer: LayerSummary): boolean => {
  const kind = kindOf(script.className);
  if (kind === "other") return script.className === layer.className;
  return group(kind) === group(layer.op);
};

/** Filters of a layer of the file: the channels of its maps, or what its kernel and bias say. */
export function filtersOf({ mapShape, weights }: LayerSummary): number | null {
  const channels = mapShape?.at(-1);
  if (typeof channels === "number") return channels;
  const bias = weights.find(({ shape }) => shape.length === 1);
  return bias?.shape[0] ?? null;
}

/** What the code and the file say differently of one layer; null where they agree. */
export function sizeDoubt(script: ScriptLayer, layer: LayerSummary): string | null {
  const filters = filtersOf(layer);
  const depthwise = kindOf(script.className) === "depthwise-conv";
  if (!sameKind(script, layer))
    return `the code makes a ${script.className}, the file has a ${layer.className}`;
  if (script.filters !== null && filters !== null && script.filters !== filters && !depthwise)
    return `the code says ${script.filters}, the file has ${filters}`;
  return null;
}
