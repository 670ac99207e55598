import { at } from "../../base/at.ts";
import { colormap, type ColormapName } from "../../shared/colormaps.ts";

/**
 * A heat map (0..1, [height, width]) over a picture of the same size (RGBA, row-major); `opacity` is the heat map's share, 0..1. Returns RGB.
 */
export function overlay(
  picture: { readonly width: number; readonly height: number; readonly rgba: Uint8Array },
  heatmap: Float32Array,
  { opacity = 0.5, colours = "turbo" }: { opacity?: number; colours?: ColormapName } = {},
): Uint8Array {
  const { width, height, rgba } = picture;
  // the map of a series is one row
  if (heatmap.length !== width * height && heatmap.length !== width)
    throw new RangeError(`a heat map of ${heatmap.length} values is not ${width} x ${height}`);
  const table = colormap(colours);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const heat = at(heatmap, i % heatmap.length);
    const entry = 3 * Math.round(255 * Math.min(1, Math.max(0, heat)));
    for (let k = 0; k < 3; k++)
      rgb[3 * i + k] = Math.round(
        (1 - opacity) * (rgba[4 * i + k] ?? 0) + opacity * (table[entry + k] ?? 0),
      );
  }
  return rgb;
}
