import type { Intent } from "../../../src/shared/contract/intent.ts";
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

/** Without the class where it is among them, else with it at the end. */
export function toggledClass(classes: readonly number[], index: number): readonly number[] {
  return classes.includes(index) ? classes.filter((c) => c !== index) : [...classes, index];
}

/** The filter that a lens begins with: the chosen one where the layer has it, else the first. */
export function filterFor({ filter }: Intent, layer: LayerSummary | null | undefined): number {
  const count = layer?.mapShape?.at(-1) ?? 0;
  return filter !== null && filter < count ? filter : 0;
}

/** An intent that may come from an older file: names that the model no longer has are dropped, and so is the graph of a file of weights. */
export function settle(intent: Intent, summary: ModelSummary): Intent {
  const names = new Set(summary.layers.map((layer) => layer.name));
  const known = (name: string | null): string | null =>
    name !== null && names.has(name) ? name : null;
  const isClass = (c: number): boolean => summary.classes === null || c < summary.classes;
  const hasGraph = summary.layers.some(({ inputs }) => inputs.length > 0);
  return {
    ...intent,
    lens: intent.lens === "graph" && !hasGraph ? "model" : intent.lens,
    layer: known(intent.layer),
    on: intent.on !== null && summary.pictures.includes(intent.on) ? intent.on : null,
    camLayer: known(intent.camLayer),
    classes: intent.classes.filter(isClass),
    output: summary.outputs.some(({ name }) => name === intent.output) ? intent.output : null,
    camMerged: intent.camMerged.filter((name) => names.has(name)),
    camMinus: intent.camMinus !== null && isClass(intent.camMinus) ? intent.camMinus : null,
  };
}
