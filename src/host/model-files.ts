/**
 * Which files and folders are offered as models, by their names: the host reads none. What a file really is, its content says when
 * it is opened. package.json repeats these lists; a test compares them.
 */
import path from "node:path";
import { DESCRIBING_FILES } from "../shared/model-folder.ts";

/** Nothing else in VS Code shows these, so that the inspector opens on a click. */
export const OPENED_EXTENSIONS = ["keras", "onnx", "tflite", "pt2", "safetensors"] as const;
/** Others may have viewers for these: the inspector is one of "Open With...". */
export const OFFERED_EXTENSIONS = [
  "h5",
  "hdf5",
  "pt",
  "pth",
  "ptl",
  "ckpt",
  "msgpack",
  "pb",
] as const;
/** All extensions of single-file models, in lower case and without the dot. */
export const MODEL_EXTENSIONS: readonly string[] = [...OFFERED_EXTENSIONS, ...OPENED_EXTENSIONS];

/** As the `when` clauses of package.json have it: `model.json`, weights of PyTorch and what fastai exports by their whole names, never every .json, .bin or .pkl. */
export const MODEL_NAME = new RegExp(
  `(\\.(${MODEL_EXTENSIONS.join("|")})|^model\\.json|^pytorch_model[^/]*\\.bin|^export\\.pkl)$`,
  "i",
);

const anyCase = (extension: string): string[] => [extension, extension.toUpperCase()];
const endings = MODEL_EXTENSIONS.flatMap(anyCase).map((extension) => `*.${extension}`);
/** Case counts in searches on Linux. One level of braces: a search that has two finds nothing. */
export const MODEL_PATTERN = `**/{${endings.join(",")},model.json,pytorch_model*.bin,export.pkl}`;
/** Glob of the files that tell a folder to be a model. */
export const FOLDER_PATTERN = `**/{${DESCRIBING_FILES.join(",")}}`;

/** The `viewType` of the custom editor that package.json contributes for a file of this name. */
export const editorOf = (file: string): string =>
  (OPENED_EXTENSIONS as readonly string[]).includes(path.extname(file).slice(1).toLowerCase())
    ? "convlens.opened"
    : "convlens.model";

/**
 * Models among files that were found: a SavedModel is its folder; a `model.json` counts where shards (`*.bin`) lie beside it, as
 * `hasShards` tells of its folder.
 */
export function modelsAmong(
  files: readonly string[],
  hasShards: (folder: string) => boolean,
): string[] {
  return files.flatMap((file) => {
    const name = path.basename(file);
    if (name === "saved_model.pb") return [path.dirname(file)];
    // parts of a SavedModel that are no networks
    if (name === "keras_metadata.pb" || name === "fingerprint.pb") return [];
    if (name === "model.json" && !hasShards(path.dirname(file))) return [];
    return [file];
  });
}

/** The folders among them: those that are models, and those of a `model.json`. */
export const foldersAmong = (models: readonly string[]): string[] =>
  models.flatMap((model) => {
    if (path.basename(model) === "model.json") return [path.dirname(model)];
    return MODEL_NAME.test(path.basename(model)) ? [] : [model];
  });
