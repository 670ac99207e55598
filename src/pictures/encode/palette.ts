/** At most 256 colours that stand for all of a picture: themselves where they are few, else by median cut (Heckbert 1982). */
export interface Indexed {
  /** RGB triples. */
  readonly palette: Uint8Array;
  /** One entry of the palette a pixel. */
  readonly pixels: Uint8Array;
}

const MOST = 256;
/** Colours are told apart by 5 bits a channel where they are many. */
const SHIFT = 3;

/** Of 8-bit RGB triples; exact where they are at most 256 colours. */
export function indexed(rgb: Uint8Array): Indexed {
  return exactly(rgb) ?? byMedianCut(rgb);
}

function exactly(rgb: Uint8Array): Indexed | null {
  const known = new Map<number, number>();
  const pixels = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < pixels.length; i++) {
    const colour = ((rgb[3 * i] ?? 0) << 16) | ((rgb[3 * i + 1] ?? 0) << 8) | (rgb[3 * i + 2] ?? 0);
    let entry = known.get(colour);
    if (entry === undefined) {
      if (known.size === MOST) return null;
      entry = known.size;
      known.set(colour, entry);
    }
    pixels[i] = entry;
  }
  const palette = Uint8Array.from(
    [...known.keys()].flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]),
  );
  return { palette, pixels };
}

/** A colour of 5 bits a channel, how often it is there, and the sums of the colours in it. */
interface Bin {
  readonly channels: readonly [number, number, number];
  count: number;
  readonly sums: [number, number, number];
}

function byMedianCut(rgb: Uint8Array): Indexed {
  const bins = new Map<number, Bin>();
  const keys = new Uint16Array(rgb.length / 3);
  for (let i = 0; i < keys.length; i++) {
    const [r, g, b] = [rgb[3 * i] ?? 0, rgb[3 * i + 1] ?? 0, rgb[3 * i + 2] ?? 0];
    const channels = [r >> SHIFT, g >> SHIFT, b >> SHIFT] as const;
    const key = (channels[0] << 10) | (channels[1] << 5) | channels[2];
    keys[i] = key;
    const bin = bins.get(key) ?? { channels, count: 0, sums: [0, 0, 0] };
    bin.count++;
    bin.sums[0] += r;
    bin.sums[1] += g;
    bin.sums[2] += b;
    bins.set(key, bin);
  }
  const boxes = [[...bins.values()]];
  while (boxes.length < MOST) {
    const at = widest(boxes);
    const box = at < 0 ? undefined : boxes[at];
    if (!box) break;
    const [low, high] = split(box);
    boxes.splice(at, 1, low, high);
  }
  const entries = new Map<Bin, number>();
  const palette = new Uint8Array(3 * boxes.length);
  boxes.forEach((box, entry) => {
    const count = box.reduce((sum, bin) => sum + bin.count, 0);
    for (const k of [0, 1, 2] as const)
      palette[3 * entry + k] = Math.round(box.reduce((sum, bin) => sum + bin.sums[k], 0) / count);
    for (const bin of box) entries.set(bin, entry);
  });
  const byKey = new Map([...bins].map(([key, bin]) => [key, entries.get(bin) ?? 0]));
  return { palette, pixels: Uint8Array.from(keys, (key) => byKey.get(key) ?? 0) };
}

const extent = (box: readonly Bin[], k: 0 | 1 | 2): number => {
  let [low, high] = [255, 0];
  for (const { channels } of box) {
    low = Math.min(low, channels[k]);
    high = Math.max(high, channels[k]);
  }
  return high - low;
};
const longest = (box: readonly Bin[]): 0 | 1 | 2 =>
  ([0, 1, 2] as const).reduce((best, k) => (extent(box, k) > extent(box, best) ? k : best), 0);

/** The box that would lose most: its longest side times what it holds; -1: none can be split. */
function widest(boxes: readonly (readonly Bin[])[]): number {
  let [at, most] = [-1, 0];
  boxes.forEach((box, i) => {
    if (box.length < 2) return;
    const weight =
      extent(box, longest(box)) * Math.sqrt(box.reduce((sum, bin) => sum + bin.count, 0));
    if (weight > most) [at, most] = [i, weight];
  });
  return at;
}

function split(box: readonly Bin[]): [Bin[], Bin[]] {
  const side = longest(box);
  const sorted = [...box].sort((a, b) => a.channels[side] - b.channels[side]);
  const half = sorted.reduce((sum, bin) => sum + bin.count, 0) / 2;
  let [at, sum] = [0, 0];
  while (at < sorted.length - 1 && sum < half) sum += sorted[at++]?.count ?? 0;
  return [sorted.slice(0, Math.max(1, at)), sorted.slice(Math.max(1, at))];
}
