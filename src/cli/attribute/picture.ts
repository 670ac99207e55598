import { at } from "../../base/at.ts";
import { encodePng, overlay } from "../../pictures/index.ts";
import { overChannels } from "../../session/index.ts";
import type { Picture } from "../../shared/contract/lenses.ts";
import type { FloatTensor } from "../../base/tensor.ts";

/** Values beyond this share of all are drawn as strongly as the value there: single pixels do not set the scale. */
const PERCENTILE = 0.99;
const LUMA = [0.299, 0.587, 0.114] as const;

/** Whether both signs occur, and the drawing is a diverging one. */
export const isSigned = ({ data }: FloatTensor): boolean => data.some((value) => value < 0);

/**
 * An attribution [H, W, C] over the picture in gray, as PNG. Signed: summed over channels, red for and blue against the class.
 * Unsigned: the largest channel in one colour map. `stretch`: what the largest value is multiplied with, where the map shall be faint.
 */
export function drawAttribution(attribution: FloatTensor, view: Picture, stretch = 1): Uint8Array {
  const signed = isSigned(attribution);
  const map = overChannels(attribution);
  const low = signed ? 0 : map.reduce((a, b) => Math.min(a, b), Infinity);
  const extent = percentile(map.map((value) => Math.abs(value - low))) * stretch;
  const heat = map.map((value) => {
    const unit = extent > 0 ? Math.max(-1, Math.min(1, (value - low) / extent)) : 0;
    return signed ? (unit + 1) / 2 : unit;
  });
  const drawn = overlay(inGray(view), heat, {
    opacity: 0.7,
    colours: signed ? "diverging" : "turbo",
  });
  return encodePng(drawn, view.width, view.height, 3);
}

function percentile(values: Float32Array): number {
  const sorted = values.toSorted();
  return at(sorted, Math.floor(PERCENTILE * (sorted.length - 1)));
}

function inGray({ width, height, rgba }: Picture): Picture {
  const gray = new Uint8Array(rgba.length);
  for (let at = 0; at < rgba.length; at += 4)
    gray.fill(
      Math.round(LUMA.reduce((sum, weight, k) => sum + weight * (rgba[at + k] ?? 0), 0)),
      at,
      at + 3,
    );
  return { width, height, rgba: gray };
}
