import type { Intent, Lens } from "../../../src/shared/contract/panel.ts";
import type { LayerSummary, ModelSummary } from "../../../src/shared/contract/model.ts";

/** Adds pictures to the strip without repeating one, and looks at the last added. */
export function withImages(intent: Intent, paths: readonly string[]): Intent {
  const last = paths.at(-1);
  if (last === undefined) return intent;
  return { ...intent, images: [...new Set([...intent.images, ...paths])], image: last };
}

/** Takes a picture out of the strip; its neighbour is looked at instead. */
export function withoutImage(intent: Intent, path: string): Intent {
  const at = intent.images.indexOf(path);
  const images = intent.images.filter((other) => other !== path);
  if (intent.image !== path) return { ...intent, images };
  return { ...intent, images, image: images[Math.min(at, images.length - 1)] ?? null };
}

export function toggledClass(classes: readonly number[], index: number): readonly number[] {
  return classes.includes(index) ? classes.filter((c) => c !== index) : [...classes, index];
}

/** Lenses on a picture. */
const ON_PICTURE: ReadonlySet<Lens> = new Set(["activations", "attack", "cam", "attribute"]);
export const needsPicture = (lens: Lens): boolean => ON_PICTURE.has(lens);
export const needsEngine = (lens: Lens): boolean => lens === "maximize" || needsPicture(lens);

/** Whether a lens can draw a layer. Grad-CAM needs a layer with maps, as Activations does; some look at the whole network. */
export function suits(lens: Lens, layer: LayerSummary): boolean {
  switch (lens) {
    case "model":
    case "attack":
    case "attribute":
    case "training":
    case "compare":
      return true;
    case "filters":
      return layer.hasKernel;
    case "maximize":
      return layer.spatial && layer.op !== "input" && layer.op !== "preprocess";
    case "activations":
    case "cam":
      return layer.spatial;
  }
}

/** The layer that a lens shows: the chosen one, or what the model offers where none is chosen. */
export function layerFor(summary: ModelSummary, intent: Intent): LayerSummary | null {
  const find = (name: string | null): LayerSummary | null =>
    summary.layers.find((layer) => layer.name === name) ?? null;
  if (intent.lens === "filters" || intent.lens === "maximize")
    return find(intent.layer ?? summary.firstKernel);
  if (intent.lens === "cam") return find(intent.camLayer ?? summary.camLayer?.name ?? null);
  return find(intent.layer);
}

/** The filter that a lens begins with: the chosen one where the layer has it, else the first. */
export function filterFor({ filter }: Intent, layer: LayerSummary | null | undefined): number {
  const count = layer?.mapShape?.at(-1) ?? 0;
  return filter !== null && filter < count ? filter : 0;
}

/** The nearest layer (in the order of execution, first forwards) that the lens can draw. */
export function nearestFor(
  summary: ModelSummary,
  lens: Lens,
  name: string | null,
): LayerSummary | null {
  const at = Math.max(
    0,
    summary.layers.findIndex((layer) => layer.name === name),
  );
  const fitting = summary.layers
    .map((layer, index) => ({ layer, index }))
    .filter(({ layer }) => suits(lens, layer));
  const distance = (index: number): number => (index >= at ? index - at : (at - index) * 1.5);
  fitting.sort((a, b) => distance(a.index) - distance(b.index));
  return fitting[0]?.layer ?? null;
}

/** An intent that may come from an older file: names that the model no longer has are dropped. */
export function settle(intent: Intent, summary: ModelSummary): Intent {
  const names = new Set(summary.layers.map((layer) => layer.name));
  const known = (name: string | null): string | null =>
    name !== null && names.has(name) ? name : null;
  const isClass = (c: number): boolean => summary.classes === null || c < summary.classes;
  return {
    ...intent,
    layer: known(intent.layer),
    camLayer: known(intent.camLayer),
    classes: intent.classes.filter(isClass),
    camMerged: intent.camMerged.filter((name) => names.has(name)),
    camMinus: intent.camMinus !== null && isClass(intent.camMinus) ? intent.camMinus : null,
  };
}
