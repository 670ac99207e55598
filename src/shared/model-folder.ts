/** Models that are folders are described by one file in them: a SavedModel, or a model of TensorFlow.js. */
export const DESCRIBING_FILES: readonly string[] = ["saved_model.pb", "model.json"];
