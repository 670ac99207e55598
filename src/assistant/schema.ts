import { PICTURE_NAMES } from "../shared/picture-kinds.ts";
import type { ArgumentsSchema } from "./types.ts";

type Properties = ArgumentsSchema["properties"];

/** The argument of every tool: which model. */
export const MODEL: Properties = {
  model: { type: "string", description: "Absolute path of the model file or folder." },
};
/** The argument of tools that look at one picture. */
export const IMAGE: Properties = {
  image: {
    type: "string",
    description: `Absolute path of a picture (${PICTURE_NAMES.join(", ")}).`,
  },
};
/** The argument of tools that look at many pictures. */
export const IMAGES: Properties = {
  images: {
    type: "string",
    description: "Absolute path of a folder of pictures; those in folders below count too.",
  },
};
/** The argument of tools that look at one of several outputs. */
export const OUTPUT: Properties = {
  output: {
    type: "string",
    description: "An output's name, where the model has several; the first if left out.",
  },
};
/** The argument of tools that look at one layer. */
export const LAYER: Properties = {
  layer: { type: "string", description: "A layer's name as convlens_inspect lists it." },
};

/** A JSON Schema of one object: all of `required` must be given, the rest may be. */
export const schemaOf = (required: Properties, optional: Properties = {}): ArgumentsSchema => ({
  type: "object",
  properties: { ...required, ...optional },
  required: Object.keys(required),
});
