import { ATTACKS, ATTRIBUTIONS, CAM_METHODS, RECIPES } from "../../shared/catalogue.ts";
import type { BaselineName } from "../../shared/question.ts";
import {
  COMPARE_VIEWS,
  LENS_NAMES,
  MAXIMIZE_VIEWS,
  type Cell,
  type Intent,
} from "../../shared/contract/intent.ts";
import { isSameTraining } from "../../shared/series.ts";

const BASELINES: readonly BaselineName[] = ["black", "mean", "blurred"];

/** What a panel shows that was just opened on `model`. */
export const firstIntent = (model: string): Intent => ({
  model,
  lens: "graph",
  layer: null,
  filter: null,
  cell: null,
  images: [],
  image: null,
  classes: [],
  on: null,
  output: null,
  target: null,
  boxScore: null,
  boxIou: null,
  camLayer: null,
  camMethod: null,
  camBeside: null,
  camMerged: [],
  camMinus: null,
  pinned: false,
  camGallery: false,
  maximize: "filters",
  recipe: "plain",
  attack: "de",
  attribution: "integrated-gradients",
  baseline: "black",
  checkpoint: null,
  follow: false,
  other: null,
  otherImage: null,
  compare: "layers",
});

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const isText = (value: unknown): value is string => typeof value === "string";
const isIndex = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
/** A number of 0 to 1. */
const share = (value: unknown): number | null =>
  typeof value === "number" && value >= 0 && value <= 1 ? value : null;
const oneOf = <T extends string, O extends T | null>(
  value: unknown,
  known: readonly T[],
  otherwise: O,
): T | O => known.find((name) => name === value) ?? otherwise;
/** The names that a table of the catalogue has. */
const namesOf = <T extends string>(table: Readonly<Record<T, unknown>>): T[] =>
  Object.keys(table) as T[];
const list = <T>(value: unknown, keep: (entry: unknown) => entry is T): T[] =>
  Array.isArray(value) ? value.filter(keep) : [];

/** What was stored, by this version or another; null when it names no model. */
export function asIntent(value: unknown): Intent | null {
  if (typeof value !== "object" || value === null) return null;
  const stored = value as Record<string, unknown>;
  if (typeof stored["model"] !== "string" || stored["model"] === "") return null;
  return {
    model: stored["model"],
    lens: oneOf(stored["lens"], LENS_NAMES, "graph"),
    layer: text(stored["layer"]),
    filter: isIndex(stored["filter"]) ? stored["filter"] : null,
    cell: cellOf(stored["cell"]),
    images: list(stored["images"], isText),
    image: text(stored["image"]),
    classes: list(stored["classes"], isIndex),
    on: text(stored["on"]),
    output: text(stored["output"]),
    target: text(stored["target"]),
    boxScore: share(stored["boxScore"]),
    boxIou: share(stored["boxIou"]),
    camLayer: text(stored["camLayer"]),
    camMethod: oneOf(stored["camMethod"], namesOf(CAM_METHODS), null),
    camBeside: oneOf(stored["camBeside"], namesOf(CAM_METHODS), null),
    camMerged: list(stored["camMerged"], isText),
    camMinus: isIndex(stored["camMinus"]) ? stored["camMinus"] : null,
    pinned: stored["pinned"] === true,
    camGallery: stored["camGallery"] === true,
    maximize: oneOf(stored["maximize"], MAXIMIZE_VIEWS, "filters"),
    recipe: oneOf(stored["recipe"], namesOf(RECIPES), "plain"),
    attack: oneOf(stored["attack"], namesOf(ATTACKS), "de"),
    attribution: oneOf(stored["attribution"], namesOf(ATTRIBUTIONS), "integrated-gradients"),
    baseline: oneOf(stored["baseline"], BASELINES, "black"),
    checkpoint: checkpointOf(stored["model"], text(stored["checkpoint"])),
    follow: stored["follow"] === true,
    other: text(stored["other"]),
    otherImage: text(stored["otherImage"]),
    compare: oneOf(stored["compare"], COMPARE_VIEWS, "layers"),
  };
}

function cellOf(value: unknown): Cell | null {
  if (typeof value !== "object" || value === null) return null;
  const { y, x } = value as Record<string, unknown>;
  return isIndex(y) && isIndex(x) ? { y, x } : null;
}

/** A page may name any file: one that does not lie beside the model, under a name of the same series, is no checkpoint of it. */
const checkpointOf = (model: string, file: string | null): string | null =>
  file !== null && isSameTraining(model, file) ? file : null;

/** `intent` with one more picture in the strip, which is then the one looked at. */
export const withPicture = (intent: Intent, path: string): Intent => ({
  ...intent,
  images: intent.images.includes(path) ? intent.images : [...intent.images, path],
  image: path,
});
