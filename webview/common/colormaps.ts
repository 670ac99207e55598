/** Colour maps as look-up tables of 256 RGB triples. Control colours: Matplotlib (viridis, inferno), ColorBrewer (RdBu). */
export type ColormapName = "viridis" | "turbo" | "inferno" | "gray" | "diverging";

/** 256 RGB triples, row-major. */
export type Lut = Uint8Array;

export const COLORMAP_NAMES: readonly ColormapName[] = [
  "viridis",
  "turbo",
  "inferno",
  "gray",
  "diverging",
];

const STOPS: Readonly<Record<Exclude<ColormapName, "turbo">, string>> = {
  viridis: "440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725",
  inferno: "000004 1b0c41 4a0c6b 781c6d a52c60 cf4446 ed6925 fb9b06 f7d13d fcffa4",
  gray: "000000 ffffff",
  diverging: "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f",
};

/** Polynomials of degree 5 in t (0..1), one per channel, low order first: the published approximation of Turbo. */
const TURBO: readonly (readonly number[])[] = [
  [34.61, 1172.33, -10793.56, 33300.12, -38394.49, 14825.05],
  [23.31, 557.33, 1225.33, -3574.96, 1073.77, 707.56],
  [27.2, 3211.1, -15327.97, 27814, -22569.18, 6838.66],
];

const cache = new Map<ColormapName, Lut>();

export function colormap(name: ColormapName): Lut {
  const known = cache.get(name);
  if (known) return known;
  const lut = name === "turbo" ? fromPolynomials(TURBO) : fromStops(STOPS[name]);
  cache.set(name, lut);
  return lut;
}

/** A CSS gradient of the map, left (0) to right (1). */
export function gradientOf(name: ColormapName): string {
  const lut = colormap(name);
  const stops = Array.from({ length: 13 }, (_, i) => {
    const at = Math.round((i / 12) * 255) * 3;
    return `rgb(${[lut[at], lut[at + 1], lut[at + 2]].join(" ")})`;
  });
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}

function fromStops(text: string): Lut {
  const stops = text.split(" ").map((hex) => {
    const rgb = Number.parseInt(hex, 16);
    return [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  });
  return fill((t, channel) => {
    const place = t * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    const a = stops[low]?.[channel] ?? 0;
    const b = stops[low + 1]?.[channel] ?? 0;
    return a + (b - a) * (place - low);
  });
}

function fromPolynomials(channels: readonly (readonly number[])[]): Lut {
  return fill((t, channel) =>
    (channels[channel] ?? []).reduceRight((sum, factor) => sum * t + factor, 0),
  );
}

function fill(value: (t: number, channel: number) => number): Lut {
  const lut = new Uint8Array(256 * 3);
  for (let i = 0; i < lut.length; i++) {
    const v = Math.round(value(Math.floor(i / 3) / 255, i % 3));
    lut[i] = Math.min(255, Math.max(0, v));
  }
  return lut;
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
