import type { KerasLayer } from "./model.ts";

const RECURRENT = ["RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "CuDNNLSTM", "CuDNNGRU"];

/** Why a layer that is not known is shown but not executed. */
export function opaqueReason({ className, config, quantized }: KerasLayer): string {
  if (quantized) return `${className} is stored quantised, which is not yet executed`;
  if (className === "Lambda") return "a Lambda layer is code, and a model's code is never run";
  if (className === "TFOpLambda" || className === "SlicingOpLambda")
    return `the operation '${config.string("function", "?")}' is not supported`;
  if (RECURRENT.includes(className)) return `the recurrent layer '${className}' is not executed`;
  return `'${className}' is a custom class or not supported`;
}
