import { ASKED_BY, EXPLAINS, type OptionHelp } from "./users.ts";

/** What is asked about. */
export const ASKED = {
  layer: {
    value: "NAMES",
    help: "layer names with commas between, all, or auto; cam merges several",
    of: ["filters", "activations", "maximize", "cam", "attribute", "profile", "compare"],
  },
  filter: {
    value: "NUMBERS",
    help: "filter numbers with commas between",
    of: ["filters", "maximize", "profile"],
    beside: { maximize: ["layer"] },
  },
  class: {
    value: "CLASSES",
    help: "top, top:K, class numbers or labels, with commas between",
    of: ["cam", "attribute", "attack", "maximize", "compare", "report"],
    beside: ASKED_BY,
  },
  on: {
    value: "INPUT",
    help: "which of several pictures the map is of, by its name in the model",
    of: ["cam", "attribute"],
  },
  output: {
    value: "NAME",
    help: "which output of the model, by its name or its number from 0 (the first)",
    of: ["predict", ...EXPLAINS],
    beside: ASKED_BY,
  },
  target: {
    value: "TARGET",
    help: "what is asked about: class:K, box:N, pixel:ROW,COLUMN, polygon:ROW,COLUMN,..., region:FILE.png, predicted, unit:N, token:N, like:PICTURE or mean, most with ,class:K behind; attack: a class alone is the one to reach",
    of: EXPLAINS,
    beside: ASKED_BY,
  },
  like: {
    value: "PICTURE",
    help: "how alike the embedding is to that of this picture (as --target like:PICTURE)",
    of: EXPLAINS,
    beside: ASKED_BY,
  },
  minus: { value: "CLASS", help: "the map of --class minus that of this class", of: ["cam"] },
  method: {
    value: "NAME",
    help: "which method, such as hires-cam; they are listed below",
    of: ["cam", "attribute", "attack", "maximize", "compare"],
    beside: ASKED_BY,
  },
  score: {
    value: "KIND",
    help: "logit (as it is by default) or probability; predict, report: the least of a box, 0 to 1 (0.25)",
    of: ["cam", "attribute", "predict", "report"],
    beside: ASKED_BY,
  },
  iou: {
    value: "N",
    help: "how much of their union two boxes of a class may share, 0 to 1 (0.45)",
    of: ["predict", "report"],
    beside: ASKED_BY,
  },
  top: {
    value: "K",
    help: "how many classes to list (5); attack by screen: pixels to try (256)",
    of: ["predict", "compare", "attack"],
    beside: ASKED_BY,
  },
} as const satisfies Record<string, OptionHelp>;
