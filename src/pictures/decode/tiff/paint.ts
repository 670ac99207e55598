import { at } from "../../../base/at.ts";
import { inkToRgba } from "../cmyk.ts";
import { inEightBits } from "../samples.ts";
import type { Layout } from "./layout.ts";

/** Turns `count` pixels of samples into RGBA from pixel `x` of a row on. */
export type Paint = (samples: Uint16Array, count: number, rgba: Uint8Array, x: number) => void;

/** How a picture's samples become RGBA. `palette`: the colour map, all reds first, 16 bits each. */
export function painter(layout: Layout, palette: readonly number[]): Paint {
  const { bits, photometric } = layout;
  const light = inEightBits(bits);
  const to8 = photometric === "white is zero" ? light.map((value) => 255 - value) : light;
  if (photometric === "palette") return paletted(layout, palette);
  if (photometric === "CMYK") return inked(layout, to8);
  return lit(layout, to8);
}

function lit({ samples: each, colours, alpha }: Layout, to8: Uint8Array): Paint {
  const [second, third] = colours === 3 ? [1, 2] : [0, 0];
  return (samples, count, rgba, x) => {
    for (let i = 0, from = 0, to = 4 * x; i < count; i++, from += each, to += 4) {
      rgba[to] = to8[samples[from] ?? 0] ?? 0;
      rgba[to + 1] = to8[samples[from + second] ?? 0] ?? 0;
      rgba[to + 2] = to8[samples[from + third] ?? 0] ?? 0;
      rgba[to + 3] = 255;
      if (alpha === null) continue;
      const opacity = to8[samples[from + colours] ?? 0] ?? 0;
      rgba[to + 3] = opacity;
      if (alpha === "multiplied" && opacity > 0)
        for (let k = 0; k < 3; k++)
          rgba[to + k] = Math.min(255, Math.round(((rgba[to + k] ?? 0) * 255) / opacity));
    }
  };
}

function paletted({ bits, samples: each }: Layout, palette: readonly number[]): Paint {
  const many = 2 ** bits;
  if (palette.length < 3 * many) throw new Error("its palette is missing");
  // some write 8 bits where 16 are meant
  const wide = palette.some((value) => value > 255);
  const colours = Uint8Array.from({ length: 3 * many }, (_, i) => {
    const value = at(palette, (i % 3) * many + Math.floor(i / 3));
    return wide ? value >> 8 : value;
  });
  return (samples, count, rgba, x) => {
    for (let i = 0; i < count; i++) {
      const index = samples[i * each] ?? 0;
      for (let k = 0; k < 3; k++) rgba[4 * (x + i) + k] = colours[3 * index + k] ?? 0;
      rgba[4 * (x + i) + 3] = 255;
    }
  };
}

const inked =
  ({ samples: each }: Layout, to8: Uint8Array): Paint =>
  (samples, count, rgba, x) => {
    const of = (i: number): number => to8[samples[i] ?? 0] ?? 0;
    for (let i = 0, from = 0; i < count; i++, from += each)
      inkToRgba(of(from), of(from + 1), of(from + 2), of(from + 3), rgba, 4 * (x + i));
  };
