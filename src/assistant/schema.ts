import type { ArgumentsSchema } from "./types.ts";

type Properties = ArgumentsSchema["properties"];

export const MODEL: Properties = {
  model: { type: "string", description: "Absolute path of the model file or folder." },
};
export const IMAGE: Properties = {
  image: { type: "string", description: "Absolute path of a picture (PNG, JPEG, WebP, BMP)." },
};
export const LAYER: Properties = {
  layer: { type: "string", description: "A layer's name as convlens_inspect lists it." },
};

export const schemaOf = (required: Properties, optional: Properties = {}): ArgumentsSchema => ({
  type: "object",
  properties: { ...required, ...optional },
  required: Object.keys(required),
});
