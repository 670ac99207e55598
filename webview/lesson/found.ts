/** What the lesson finds out of a picture by the methods of the lenses. */
import { at } from "../../src/base/at.ts";
import type { Attribute } from "../../src/shared/contract/experiments.ts";
import type { Cam } from "../../src/shared/contract/lenses.ts";

/** Of the top class of a picture; null until it is known. */
export interface Found {
  /** Where the heat map is largest, as shares of the picture. */
  readonly hottest: { readonly across: number; readonly down: number } | null;
  /** The share of the pixels that carry half of what speaks for the class. */
  readonly half: number | null;
}

/** Where the first map is largest: the middle of its cell, 0..1 from the left and from the top; null where there is no evidence. */
export function hottestOf({ maps, rawShape: [height, width] }: Cam): Found["hottest"] {
  const [map] = maps;
  if (!map || map.noPositiveEvidence) return null;
  const place = map.raw.indexOf(Math.max(...map.raw));
  return {
    across: ((place % width) + 0.5) / width,
    down: (Math.floor(place / width) + 0.5) / height,
  };
}

/** The smallest share of the pixels, 0..1, whose positive values add up to half of all positive values; null where there is none. */
export function halfOf({ values }: Pick<Attribute, "values">): number | null {
  const speaking = values.filter((value) => value > 0).sort();
  const total = speaking.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return null;
  let sum = 0;
  let count = 0;
  while (sum < total / 2) {
    count += 1;
    sum += at(speaking, speaking.length - count);
  }
  return count / values.length;
}
