import { at } from "../../base/at.ts";
import { Random } from "../random.ts";

/** Where each pixel comes in an order: 0 is the first. */
export type Ranks = Uint32Array;

/** The largest value first; ties keep row-major order. */
export function byValue(heat: Float32Array): Ranks {
  const ranks = new Uint32Array(heat.length);
  [...heat.keys()]
    .sort((a, b) => at(heat, b) - at(heat, a) || a - b)
    .forEach((pixel, i) => (ranks[pixel] = i));
  return ranks;
}

/** What a map has to beat. */
export interface Unknowing {
  /** Knows neither the picture nor the network; the same for every map. */
  readonly random: Ranks;
  /** Only knows where photographers put things: from the middle outwards, as wide as high. */
  readonly centre: Ranks;
}

let last: { readonly size: string; readonly orders: Unknowing } | null = null;

/** Orders of the pixels of [height, width] that know nothing of the network. */
export function unknowingOrders(height: number, width: number): Unknowing {
  const size = `${height} x ${width}`;
  // every map of a network asks for those of one size
  if (last?.size !== size)
    last = {
      size,
      orders: { random: randomOrder(height * width), centre: centred(height, width) },
    };
  return last.orders;
}

function randomOrder(count: number): Ranks {
  const random = new Random(0);
  return byValue(Float32Array.from({ length: count }, () => random.uniform()));
}

function centred(height: number, width: number): Ranks {
  const off = (i: number, size: number): number => ((i + 0.5) / size - 0.5) ** 2;
  return byValue(
    Float32Array.from(
      { length: height * width },
      (_, i) => -off(Math.floor(i / width), height) - off(i % width, width),
    ),
  );
}
