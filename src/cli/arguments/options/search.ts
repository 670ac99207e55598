import { type OptionHelp } from "./users.ts";

/** What is searched for: pictures that maximise something, pixels that change an answer. */
export const SEARCH = {
  recipe: { value: "FILE", help: "do again what a recipe.json says", of: ["maximize"] },
  objective: {
    value: "TERMS",
    help: "a sum such as 'conv3:4 + 0.5*conv3:7@3,5 - class:285' (@ROW,COLUMN: one cell)",
    of: ["maximize"],
  },
  neuron: {
    value: "ROW,COLUMN",
    help: "one cell of the filter's map, not its mean",
    of: ["maximize"],
    beside: { maximize: ["layer"] },
  },
  direction: {
    value: "FILE.npy",
    help: "one number per channel, in place of --filter; LAYER:direction in TERMS",
    of: ["maximize"],
  },
  "cosine-power": {
    value: "P",
    help: "a direction times the cosine to the power P (0)",
    of: ["maximize"],
    beside: { maximize: ["direction"] },
  },
  copies: {
    value: "N",
    help: "pictures of each target, from different starts (1)",
    of: ["maximize"],
  },
  diversity: {
    value: "W",
    help: "weight of what the copies have in common (1)",
    of: ["maximize"],
  },
  tv: { value: "W", help: "weight of the total variation", of: ["maximize"] },
  l1: {
    value: "W",
    help: "weight of the mean distance of pixels (0..1) from gray",
    of: ["maximize"],
  },
  l2: { value: "W", help: "weight of the root mean square of that distance", of: ["maximize"] },
  pixels: { value: "K", help: "how many pixels may change (1)", of: ["attack"] },
  toward: {
    value: "CLASS",
    help: "the class to reach, else any other; of a number high (as by default) or low",
    of: ["attack"],
  },
  population: { value: "N", help: "candidates of a generation (400)", of: ["attack"] },
  gif: { value: "FILE", help: "its steps as an animated GIF", of: ["maximize"] },
} as const satisfies Record<string, OptionHelp>;
