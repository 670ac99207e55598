/** Facts of checkpoints as curves over the steps. */
import type { Checkpoint, EpochFacts, Series } from "../../../src/shared/contract/training.ts";
import { baseName, t } from "../../common/text/index.ts";

/** A line of a chart over the steps of a training. */
export interface Curve {
  readonly label: string;
  /** One value a step; null where it is not known (yet). */
  readonly values: readonly (number | null)[];
}

/** Facts of a checkpoint hold until it or the one before is written again, and for the pictures they were made with. */
export const keyOf = (
  { path, modified }: Checkpoint,
  before: Checkpoint | undefined,
  images: readonly string[],
): string => [path, modified, before?.path, before?.modified, ...images].join("\n");

/** The probability (or logit) that each picture's final class has at every step. */
export function classCurves(
  series: Series,
  facts: readonly (EpochFacts | undefined)[],
  labels: readonly string[] | null,
): Curve[] {
  const last = [...facts].reverse().find((one) => one !== undefined);
  return (last?.pictures ?? []).flatMap(({ image, classes }) => {
    const [top] = [...classes].sort((a, b) => b.logit - a.logit);
    if (!top) return [];
    const { index } = top;
    const values = series.map((_, i) => {
      const own = facts[i]?.pictures.find((picture) => picture.image === image)?.classes[index];
      return own ? (own.probability ?? own.logit) : null;
    });
    const name = top.label ?? labels?.[index] ?? t("class {0}", index);
    return [{ label: `${baseName(image)}: ${name}`, values }];
  });
}

/** Curves by layer: the layers that move most, at most `most` of them. */
export function layerCurves(
  series: Series,
  facts: readonly (EpochFacts | undefined)[],
  of: (facts: EpochFacts) => readonly { readonly layer: string; readonly value: number }[],
  most: number,
): Curve[] {
  const layers = new Map<string, (number | null)[]>();
  series.forEach((_, i) => {
    const own = facts[i];
    if (!own) return;
    for (const { layer, value } of of(own)) {
      const values = layers.get(layer) ?? series.map(() => null);
      values[i] = value;
      layers.set(layer, values);
    }
  });
  const height = (values: readonly (number | null)[]): number =>
    Math.max(...values.map((v) => v ?? 0));
  const kept = new Set(
    [...layers]
      .sort(([, a], [, b]) => height(b) - height(a))
      .slice(0, most)
      .map(([layer]) => layer),
  );
  return [...layers]
    .filter(([layer]) => kept.has(layer))
    .map(([label, values]) => ({ label, values }));
}
