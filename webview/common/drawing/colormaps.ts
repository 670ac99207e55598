import { colormap, type ColormapName, type Lut } from "../../../src/shared/colormaps.ts";

export { colormap, type ColormapName, type Lut } from "../../../src/shared/colormaps.ts";

/** In the order of menus. */
export const COLORMAP_NAMES: readonly ColormapName[] = [
  "viridis",
  "turbo",
  "inferno",
  "gray",
  "diverging",
];

/** A CSS gradient of the map, left (0) to right (1). */
export function gradientOf(name: ColormapName): string {
  const lut = colormap(name);
  const stops = Array.from({ length: 13 }, (_, i) => {
    const at = Math.round((i / 12) * 255) * 3;
    return `rgb(${[lut[at], lut[at + 1], lut[at + 2]].join(" ")})`;
  });
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}

/** 8-bit tile pixels (1 channel through `lut`, or RGB) as RGBA. `at` is the tile's offset in `pixels`. */
export function toRgba(
  pixels: Uint8Array,
  at: number,
  count: number,
  channels: 1 | 3,
  lut: Lut,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(count * 4);
  for (let i = 0; i < count; i++) {
    const from = channels === 3 ? at + i * 3 : (pixels[at + i] ?? 0) * 3;
    const source = channels === 3 ? pixels : lut;
    out[i * 4] = source[from] ?? 0;
    out[i * 4 + 1] = source[from + 1] ?? 0;
    out[i * 4 + 2] = source[from + 2] ?? 0;
    out[i * 4 + 3] = 255;
  }
  return out;
}
