import type { PixelScaling, Preprocessing } from "../base/preprocessing.ts";

/** `MODEL.convlens.json` beside a model: what the file cannot say. Paths are relative to the sidecar's folder. */
export interface Sidecar {
  /** A name of `NAMED_SCALINGS`, or the numbers. */
  preprocess?: string | (Partial<PixelScaling> & { fit?: Preprocessing["fit"] });
  /** A labels file (one a line, or a JSON array), or the labels themselves. */
  labels?: string | string[];
  /** For a model with a free input size. */
  inputSize?: [height: number, width: number];
  /** What the inputs beside the picture are, by name: an array or a picture in the model's folder, the numbers, or one number for all. */
  inputs?: Record<string, string | number | number[]>;
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
