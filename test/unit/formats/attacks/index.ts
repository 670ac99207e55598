/** What every format is attacked with. */
import { flax } from "./flax.ts";
import { h5, keras } from "./keras.ts";
import { onnx } from "./onnx.ts";
import { frozen, savedModel, tfjsGraph, tfjsLayers } from "./tensorflow.ts";
import { tflite } from "./tflite.ts";
import { exported, legacy, pickled, safetensors, scripted } from "./torch.ts";
import type { Attacks } from "./types.ts";

export const ATTACKED: Readonly<Record<string, Attacks>> = {
  "Keras .h5": h5,
  "Keras .keras": keras,
  "TF.js layers-model": tfjsLayers,
  "TF.js graph-model": tfjsGraph,
  SavedModel: savedModel,
  "frozen .pb": frozen,
  ONNX: onnx,
  TFLite: tflite,
  "torch.export .pt2": exported,
  "PyTorch .pth": pickled,
  "PyTorch before 1.6": legacy,
  TorchScript: scripted,
  safetensors,
  Flax: flax,
};
