/** What Keras and PyTorch call their layers, and what their arguments are called. */
import type { Library } from "../shared/contract/code.ts";

/** Names of arguments that may be given by their place. */
const CONV_KERAS = ["filters", "kernel_size", "strides", "padding"];
const CONV_TORCH = ["in_channels", "out_channels", "kernel_size", "stride", "padding"];
const NO_FILTERS = ["kernel_size", "strides", "padding"];

const ARGUMENTS: Readonly<Record<Library, readonly (readonly [RegExp, readonly string[]])[]>> = {
  keras: [
    [/^Depthwise/, NO_FILTERS],
    [/^(Separable)?Conv/, CONV_KERAS],
    [/Pool/, ["pool_size", "strides", "padding"]],
    [/^Dense$/, ["units", "activation"]],
    [/^Activation$/, ["activation"]],
  ],
  torch: [
    [/^(Lazy)?Conv/, CONV_TORCH],
    [/Pool/, ["kernel_size", "stride", "padding"]],
    [/^Linear$/, ["in_features", "out_features"]],
    [/^BatchNorm/, ["num_features"]],
  ],
};

/** What a layer's positional arguments are called, in order; empty for an unknown class. */
export const argumentNames = (library: Library, className: string): readonly string[] =>
  ARGUMENTS[library].find(([pattern]) => pattern.test(className))?.[1] ?? [];

/** The arguments that tell how many filters or units a layer has. */
export const FILTERS: Readonly<Record<Library, readonly string[]>> = {
  keras: ["filters", "units"],
  torch: ["out_channels", "out_features", "num_features"],
};

const CONTAINERS = /^(Sequential|ModuleList|ModuleDict)$/;
const NO_LAYERS = /^(Module|Model|Functional|Parameter|Layer|Variable|functional|init|utils)$/;

/** What a call of a library's class makes. */
export type Known =
  | { readonly kind: "layer" | "container"; readonly library: Library; readonly className: string }
  /** `keras.Model(inputs, outputs)`, or a base class. */
  | { readonly kind: "model"; readonly library: Library }
  | { readonly kind: "input"; readonly library: "keras" };

/** What a full path such as `tensorflow.keras.layers.Conv2D` or `torch.nn.Conv2d` names, of what matters here. */
export function known(path: string): Known | null {
  const torch = /^torch\.nn\.(?:modules\.\w+\.)?(\w+)$/.exec(path)?.[1];
  const keras =
    /^(?:tensorflow\.(?:python\.)?)?(?:tf_)?keras\.(?:src\.)?(?:(?:layers|models)\.)?(?:\w+\.)?(\w+)$/.exec(
      path,
    )?.[1];
  const name = torch ?? keras;
  if (name === undefined) return null;
  const library = torch === undefined ? "keras" : "torch";
  if (library === "keras" && name === "Input") return { kind: "input", library };
  if (name === "Module" || name === "Model" || name === "Functional")
    return { kind: "model", library };
  // layers are classes, and so begin with a capital letter
  if (NO_LAYERS.test(name) || !/^[A-Z]/.test(name)) return null;
  if (library === "keras" && !/\.layers\./.test(path) && name !== "Sequential") return null;
  return { kind: CONTAINERS.test(name) ? "container" : "layer", library, className: name };
}

/** What is usually meant by a name that a notebook cell or a snippet does not import. */
export const USUAL_NAMES: Readonly<Record<string, string>> = {
  tf: "tensorflow",
  keras: "keras",
  layers: "keras.layers",
  torch: "torch",
  nn: "torch.nn",
  np: "numpy",
  os: "os",
};
/** Modules whose `import *` brings layer classes. */
export const isLayerModule = (path: string): boolean =>
  /^(tensorflow\.)?(tf_)?keras(\.(layers|models))?$|^torch\.nn$/.test(path);

const KERAS_FILES = /^(tensorflow\.)?(tf_)?keras\.callbacks\.(ModelCheckpoint|BackupAndRestore)$/;
/** Calls that write a model: at which place (or under which name) their path stands. */
export function savesAt(path: string): { readonly place: number; readonly name: string } | null {
  if (KERAS_FILES.test(path)) return { place: 0, name: "filepath" };
  if (/^torch\.(jit\.)?save$/.test(path)) return { place: 1, name: "f" };
  if (path === "torch.export.save") return { place: 1, name: "f" };
  if (path === "torch.onnx.export") return { place: 2, name: "f" };
  if (path === "tensorflow.saved_model.save") return { place: 1, name: "export_dir" };
  if (/\bsave_keras_model$/.test(path)) return { place: 1, name: "artifacts_dir" };
  if (/^safetensors\.\w+\.save_(file|model)$/.test(path)) return { place: 1, name: "filename" };
  if (/(^|\.)save_model$/.test(path)) return { place: 1, name: "filepath" };
  return null;
}
/** Methods of a model that write it, their path in the first place. */
export const SAVE_METHODS: ReadonlySet<string> = new Set([
  "save",
  "save_weights",
  "export",
  "save_pretrained",
]);
