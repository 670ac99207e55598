import type { ModelSummary } from "../../shared/contract/model.ts";
import type { Shown } from "../../shared/contract/code.ts";
import type { MaximizeQuestion, MaximizeTarget, Targets } from "../../shared/question.ts";

/** A model and what is shown of it. */
export interface Facts {
  readonly summary: ModelSummary;
  readonly shown: Shown;
}

/** A text as Python writes it; JSON's escapes are Python's. */
export const text = (value: string): string => JSON.stringify(value);
/** Numbers as a Python list. */
export const list = (values: readonly number[]): string => `[${values.join(", ")}]`;

/** The layer that is shown, where none is chosen the one that its lens begins with; null: a heat map's that is not known yet. */
export function layerOf({ summary, shown }: Facts): string | null {
  switch (shown.kind) {
    case "cam": {
      const [first = "auto"] = shown.layers;
      return first === "auto" ? null : first;
    }
    case "maximize": {
      const target = onlyTarget(shown);
      return target && "layer" in target ? target.layer : null;
    }
    case "filters":
    case "activations":
      return shown.layer ?? summary.firstKernel;
    default:
      return null;
  }
}

/** The picture that a script reads. */
export const imageOf = ({ shown }: Facts): string | null =>
  shown.kind === "filters" || shown.kind === "maximize" ? null : shown.image;

/** What a few lines maximise: one filter or class, by the plain recipe, without more. Null: something else. */
export function onlyTarget({
  targets: [first, ...others],
  recipe,
  options = {},
  output,
  where,
}: MaximizeQuestion): MaximizeTarget | null {
  // a place in an output: see the command line
  if (first && "classIndex" in first && (output !== null || where !== null)) return null;
  const { copies = 1, direction, ...weights } = options;
  const steered = copies > 1 || direction !== undefined || Object.values(weights).some(Boolean);
  if (!first || others.length > 0 || recipe !== "plain" || steered) return null;
  return "expression" in first || "cell" in first ? null : first;
}

/** `CLASS = ...`, where `onTop` is Python for the most likely class; others are left to whoever runs it. */
export function classLine(targets: Targets, onTop: string): string {
  if ("top" in targets)
    return `CLASS = ${onTop}${targets.top > 1 ? "  # and the next ones likewise" : ""}`;
  const [first, ...others] = targets.map(({ index }) => index);
  const more = others.length > 0 ? `  # and ${others.join(", ")} likewise` : "";
  return `CLASS = ${first ?? onTop}${more}`;
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

/** By what a reader calls its format; null for one that no script is written for. */
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
