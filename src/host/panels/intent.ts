import {
  ATTACKS,
  ATTRIBUTIONS,
  CAM_METHODS,
  RECIPES,
  type CamMethod,
} from "../../shared/catalogue.ts";
import type { BaselineName } from "../../shared/question.ts";
import type { CompareView, Intent, Lens, MaximizeView } from "../../shared/contract/intent.ts";

const LENSES: Readonly<Record<Lens, true>> = {
  model: true,
  filters: true,
  activations: true,
  maximize: true,
  attack: true,
  cam: true,
  attribute: true,
  training: true,
  compare: true,
};
const MAXIMIZE_VIEWS: Readonly<Record<MaximizeView, true>> = {
  filters: true,
  classes: true,
  hierarchy: true,
};
const COMPARE_VIEWS: Readonly<Record<CompareView, true>> = {
  layers: true,
  filters: true,
  maps: true,
  cam: true,
  classes: true,
};
const BASELINES: Readonly<Record<BaselineName, true>> = { black: true, mean: true, blurred: true };

/** What a panel shows that was just opened on `model`. */
export const firstIntent = (model: string): Intent => ({
  model,
  lens: "model",
  layer: null,
  filter: null,
  images: [],
  image: null,
  classes: [],
  camLayer: null,
  camMethod: "grad-cam",
  camBeside: null,
  camMerged: [],
  camMinus: null,
  camGallery: false,
  maximize: "filters",
  recipe: "plain",
  attack: "de",
  attribution: "saliency",
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
const oneOf = <T extends string>(
  value: unknown,
  known: Readonly<Record<T, unknown>>,
  otherwise: T,
): T => (isText(value) && Object.hasOwn(known, value) ? (value as T) : otherwise);
const list = <T>(value: unknown, keep: (entry: unknown) => entry is T): T[] =>
  Array.isArray(value) ? value.filter(keep) : [];

/** What was stored, by this version or another; null when it names no model. */
export function asIntent(value: unknown): Intent | null {
  if (typeof value !== "object" || value === null) return null;
  const stored = value as Record<string, unknown>;
  if (typeof stored["model"] !== "string" || stored["model"] === "") return null;
  return {
    model: stored["model"],
    lens: oneOf(stored["lens"], LENSES, "model"),
    layer: text(stored["layer"]),
    filter: isIndex(stored["filter"]) ? stored["filter"] : null,
    images: list(stored["images"], isText),
    image: text(stored["image"]),
    classes: list(stored["classes"], isIndex),
    camLayer: text(stored["camLayer"]),
    camMethod: oneOf(stored["camMethod"], CAM_METHODS, "grad-cam"),
    camBeside: oneOf<CamMethod | "">(stored["camBeside"], { ...CAM_METHODS, "": true }, "") || null,
    camMerged: list(stored["camMerged"], isText),
    camMinus: isIndex(stored["camMinus"]) ? stored["camMinus"] : null,
    camGallery: stored["camGallery"] === true,
    maximize: oneOf(stored["maximize"], MAXIMIZE_VIEWS, "filters"),
    recipe: oneOf(stored["recipe"], RECIPES, "plain"),
    attack: oneOf(stored["attack"], ATTACKS, "de"),
    attribution: oneOf(stored["attribution"], ATTRIBUTIONS, "saliency"),
    baseline: oneOf(stored["baseline"], BASELINES, "black"),
    checkpoint: text(stored["checkpoint"]),
    follow: stored["follow"] === true,
    other: text(stored["other"]),
    otherImage: text(stored["otherImage"]),
    compare: oneOf(stored["compare"], COMPARE_VIEWS, "layers"),
  };
}

/** `intent` with one more picture in the strip, which is then the one looked at. */
export const withPicture = (intent: Intent, path: string): Intent => ({
  ...intent,
  images: intent.images.includes(path) ? intent.images : [...intent.images, path],
  image: path,
});
