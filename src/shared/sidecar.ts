import type { PixelScaling, Resizing } from "../base/preprocessing.ts";

/**
 * What an input beside the picture is: an array or a picture in the model's folder, one number for all, the numbers, or the mean over the
 * rows [N, ...] of an array in the model's folder.
 */
export type Stated = string | number | readonly number[] | { readonly mean: string };

/** Whether a value, of whatever type, can be what an input is; whether it fits the input is another question. */
export function isStated(value: unknown): value is Stated {
  if (typeof value === "string") return value !== "";
  if (Array.isArray(value)) return value.every((one) => Number.isFinite(one));
  if (typeof value === "object" && value !== null)
    return "mean" in value && typeof value.mean === "string" && value.mean !== "";
  return Number.isFinite(value);
}

/** The file that it is taken from; null: none. */
export function statedFile(stated: Stated): string | null {
  if (typeof stated === "string") return stated;
  return typeof stated === "object" && "mean" in stated ? stated.mean : null;
}

/** `MODEL.convlens.json` beside a model: what the file cannot say. Paths are relative to the sidecar's folder. */
export interface Sidecar {
  /** A name of `NAMED_SCALINGS`, or the numbers. */
  preprocess?: string | (Partial<PixelScaling> & Partial<Resizing>);
  /** A labels file (one a line, or a JSON array), or the labels themselves. */
  labels?: string | string[];
  /** For a model with a free input size. */
  inputSize?: [height: number, width: number];
  /** What the inputs beside the picture are, by name. */
  inputs?: Record<string, Stated>;
  trainingScript?: string;
  /**
   * For a file of weights: its network. A `.pt2` or ONNX file in the sidecar's folder, `sha256:` and the digest of one that ConvLens keeps, or
   * the name of one that it brings.
   */
  structure?: string;
}

/** `model.h5` -> `model.h5.convlens.json`; of a folder, beside it. */
export const sidecarPath = (modelPath: string): string =>
  `${modelPath.replace(/(?<=.)[\\/]+$/, "")}.convlens.json`;
