import type { OutputKind } from "../../shared/contract/outputs.ts";
import type { Where } from "../../shared/where.ts";

/** Where in an output of a kind can be asked about: the first is taken where nothing is said, where it is one that needs no number. */
export const WHERES: Readonly<Record<OutputKind, readonly Where["kind"][]>> = {
  classes: [],
  regression: ["unit"],
  embedding: ["unit", "mean", "pixel", "region", "polygon", "token", "like"],
  segmentation: ["predicted", "pixel", "region", "polygon", "mean"],
  detection: ["box", "mean"],
  "heat-maps": ["pixel", "region", "polygon", "mean", "predicted"],
  sequence: ["token", "mean"],
  unknown: ["unit", "mean", "pixel", "region", "polygon", "token", "like"],
};

/** What an output of a kind is called in a sentence. */
export const KIND_NAMES: Readonly<Record<OutputKind, string>> = {
  classes: "class scores",
  regression: "values",
  embedding: "an embedding",
  segmentation: "a segmentation",
  detection: "boxes",
  "heat-maps": "heat maps of points",
  sequence: "a sequence",
  unknown: "numbers of which the file does not tell what they are",
};
