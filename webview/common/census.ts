import type { Census, CensusLayer } from "../../src/shared/contract/experiments.ts";
import type { ModelSummary } from "../../src/shared/contract/model.ts";

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

/** `3/32 dead over N = 300`, and what else was found; `dead` and `of` for a bar. */
export function countText(layer: CensusLayer, images: number): string {
  const { filters, dead, saturated, constant } = layer;
  const also = [
    [saturated.length, "saturated"] as const,
    [constant.length, "constant"] as const,
  ].flatMap(([count, word]) => (count > 0 ? [`${String(count)} ${word}`] : []));
  return [
    `${String(dead.length)}/${String(filters)} dead over N = ${String(images)}`,
    ...also,
  ].join(", ");
}

/** All of the network, in one sentence. */
export function countSentence(counted: Counted): string {
  const { images, layers, skipped, total, unreadable, resumed } = counted;
  const sum = (pick: (layer: CensusLayer) => number): number =>
    layers.reduce((total, layer) => total + pick(layer), 0);
  const filters = sum((layer) => layer.filters);
  const dead = sum((layer) => layer.dead.length);
  const named = skipped.map(({ image }) => image.split(/[/\\]/).at(-1) ?? image).slice(0, 3);
  const more = unreadable > named.length ? ", …" : "";
  const left =
    unreadable > 0 ? `, ${String(unreadable)} could not be read (${named.join(", ")}${more})` : "";
  const rest = total - images - unreadable;
  const open = rest > 0 ? ` ${String(rest)} of ${String(total)} pictures are still to come.` : "";
  const before = resumed > 0 ? ` It went on after ${String(resumed)} pictures.` : "";
  return `Over N = ${String(images)} pictures${left}: ${String(dead)} of ${String(filters)} filters dead, ${String(sum((layer) => layer.saturated.length))} saturated, ${String(sum((layer) => layer.constant.length))} constant.${open}${before}`;
}
