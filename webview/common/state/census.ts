import type { Census, CensusLayer } from "../../../src/shared/contract/experiments.ts";
import type { ModelSummary } from "../../../src/shared/contract/model.ts";
import { baseName } from "../text/file-name.ts";
import { t } from "../text/l10n.ts";

/** What is known so far, or in the end. */
export type Counted = Pick<
  Census,
  "images" | "layers" | "skipped" | "total" | "unreadable" | "resumed"
>;

/** What happens to a convolution's maps, map by map, before they can be said to be dead. */
const SAME_CHANNELS: ReadonlySet<string> = new Set(["norm", "activation"]);

/**
 * The layer in which the census counted the filters of `name`: itself, or the activation that its maps run into one by one;
 * null where there is none.
 */
export function countedLayer(
  summary: ModelSummary,
  counted: Counted | null,
  name: string,
): CensusLayer | null {
  for (let at: string | null = name; counted && at !== null;) {
    const here: string = at;
    const found = counted.layers.find((layer) => layer.name === here);
    if (found) return found;
    const readers = summary.layers.filter(({ inputs }) => inputs.includes(here));
    const [only] = readers;
    at = only && readers.length === 1 && SAME_CHANNELS.has(only.op) ? only.name : null;
  }
  return null;
}

/** `3/32 dead over N = 300`, and what else was found; without N where `images` is null. */
export function countText(layer: CensusLayer, images: number | null): string {
  const { filters, dead, saturated, constant } = layer;
  return [
    images === null
      ? t("{0}/{1} dead", dead.length, filters)
      : t("{0}/{1} dead over N = {2}", dead.length, filters, images),
    ...(saturated.length > 0 ? [t("{0} saturated", saturated.length)] : []),
    ...(constant.length > 0 ? [t("{0} constant", constant.length)] : []),
  ].join(", ");
}

/** All of the network, in one sentence. */
export function countSentence(counted: Counted): string {
  const { images, layers, skipped, total, unreadable, resumed } = counted;
  const sum = (pick: (layer: CensusLayer) => number): number =>
    layers.reduce((total, layer) => total + pick(layer), 0);
  const filters = sum((layer) => layer.filters);
  const dead = sum((layer) => layer.dead.length);
  const named = skipped.map(({ image }) => baseName(image)).slice(0, 3);
  const more = unreadable > named.length ? ", …" : "";
  const rest = total - images - unreadable;
  const counts = [images, dead, filters, sum((layer) => layer.saturated.length)] as const;
  const constant = sum((layer) => layer.constant.length);
  return [
    unreadable > 0
      ? t(
          "Over N = {0} pictures, {5} could not be read ({6}): {1} of {2} filters dead, {3} saturated, {4} constant.",
          ...counts,
          constant,
          unreadable,
          `${named.join(", ")}${more}`,
        )
      : t(
          "Over N = {0} pictures: {1} of {2} filters dead, {3} saturated, {4} constant.",
          ...counts,
          constant,
        ),
    ...(rest > 0 ? [t("{0} of {1} pictures are still to come.", rest, total)] : []),
    ...(resumed > 0 ? [t("It went on after {0} pictures.", resumed)] : []),
  ].join(" ");
}
