import type { Intent, Lens } from "../../shared/contract/panel.ts";

const LENSES: Readonly<Record<Lens, true>> = {
  model: true,
  filters: true,
  activations: true,
  cam: true,
};

/** What a panel shows that was just opened on `model`. */
export const firstIntent = (model: string): Intent => ({
  model,
  lens: "model",
  layer: null,
  images: [],
  image: null,
  classes: [],
  camLayer: null,
  camMethod: "grad-cam",
});

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const isText = (value: unknown): value is string => typeof value === "string";
const isIndex = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
const list = <T>(value: unknown, keep: (entry: unknown) => entry is T): T[] =>
  Array.isArray(value) ? value.filter(keep) : [];

/** What was stored, by this version or another; null when it names no model. */
export function asIntent(value: unknown): Intent | null {
  if (typeof value !== "object" || value === null) return null;
  const stored = value as Record<string, unknown>;
  if (typeof stored["model"] !== "string" || stored["model"] === "") return null;
  const lens = text(stored["lens"]);
  return {
    model: stored["model"],
    lens: lens !== null && Object.hasOwn(LENSES, lens) ? (lens as Lens) : "model",
    layer: text(stored["layer"]),
    images: list(stored["images"], isText),
    image: text(stored["image"]),
    classes: list(stored["classes"], isIndex),
    camLayer: text(stored["camLayer"]),
    camMethod: stored["camMethod"] === "hires-cam" ? "hires-cam" : "grad-cam",
  };
}

/** `intent` with one more picture in the strip, which is then the one looked at. */
export const withPicture = (intent: Intent, path: string): Intent => ({
  ...intent,
  images: intent.images.includes(path) ? intent.images : [...intent.images, path],
  image: path,
});
