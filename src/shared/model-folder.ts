/** Models that are folders are described by one file in them: a SavedModel, or a model of TensorFlow.js. */
export const DESCRIBING_FILES: readonly string[] = ["saved_model.pb", "model.json"];

/** Folders, seen from that of the model, whose files the network is made of; assets of a SavedModel are no part of it. */
export const MODEL_PARTS: readonly string[] = ["", "variables"];
