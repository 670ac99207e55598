import type { ModelSummary } from "../../shared/contract/model.ts";
import type { Shown } from "../../shared/contract/code.ts";

/** A model and what is shown of it. */
export interface Facts {
  readonly summary: ModelSummary;
  readonly shown: Shown;
}

/** A text as Python writes it; JSON's escapes are Python's. */
export const text = (value: string): string => JSON.stringify(value);
export const list = (values: readonly number[]): string => `[${values.join(", ")}]`;

/** The layer that a lens shows, where none is chosen the one that it begins with. */
export function layerOf({ summary, shown }: Facts): string | null {
  if (shown.lens === "cam") return shown.camLayer ?? summary.camLayer?.name ?? null;
  return shown.layer ?? summary.firstKernel;
}

/** What the file is, as far as Python is concerned. */
export type Library =
  | "keras 2"
  | "keras 3"
  | "torch.export"
  | "state dict"
  | "safetensors"
  | "onnx"
  | "tflite"
  | "saved model"
  | null;

export function libraryOf({ format }: ModelSummary): Library {
  if (/^Keras 2 \.(h5|keras)$/.test(format)) return "keras 2";
  if (/^Keras 3 \.(h5|keras)$/.test(format)) return "keras 3";
  if (format === "torch.export .pt2") return "torch.export";
  if (/^PyTorch (state dict|checkpoint)/.test(format)) return "state dict";
  if (format === "safetensors") return "safetensors";
  if (format.startsWith("ONNX")) return "onnx";
  if (format === "TFLite") return "tflite";
  return format.endsWith("SavedModel") ? "saved model" : null;
}
