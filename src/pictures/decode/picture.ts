import type { Bounds } from "../../files/read-bounded.ts";
import { PictureBytes } from "./bytes.ts";
import { decodeRows, judge, withJudged, type Judged } from "./decode.ts";
import { HELD_PIXELS, WHOLE_ROW } from "./format.ts";
import { LargePictureReader } from "./large.ts";
import { reducerOf, type Reduction } from "./reduce.ts";
import { stored, upright, uprightSize } from "./upright.ts";

/** A picture as a person sees it, whatever file it came in. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], 8 bits, sRGB, upright; transparent pixels show white. */
  readonly rgb: Uint8Array;
  /** What was assumed or repaired, in words. */
  readonly notes: readonly string[];
}

/** A picture of which parts are taken: it is held, or so large that it is decoded anew for what is wanted of it. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [rows, columns, 3] of the upright picture. Throws a ConvLensError of kind `input` where a large one turns out to be damaged. */
  reduce(reduction: Reduction): Promise<Uint8Array>;
  /** What was assumed or repaired, in words; of a large picture when something was taken of it. */
  notes(): readonly string[];
}

/** Decodes a picture file's bytes; `name` is what an error calls it. Throws a ConvLensError of kind `input`. */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<DecodedPicture> {
  return decodeWhole(judge(PictureBytes.of(bytes), name));
}

async function decodeWhole(judged: Judged): Promise<DecodedPicture> {
  const { size, orientation } = judged;
  let rgb = new Uint8Array();
  const notes = await decodeRows(judged, {
    wants: () => true,
    take: (y, rgba, { first, step } = WHOLE_ROW) => {
      // only now: there is at least a row of what the header declares
      if (rgb.length === 0) rgb = new Uint8Array(size.width * size.height * 3);
      const start = (y * size.width + first) * 3;
      for (let i = 0, to = start; i < rgba.length; i += 4, to += 3 * step) {
        rgb[to] = rgba[i] ?? 0;
        rgb[to + 1] = rgba[i + 1] ?? 0;
        rgb[to + 2] = rgba[i + 2] ?? 0;
      }
    },
  });
  const pixels = upright(size, rgb, orientation);
  return { ...uprightSize(size, orientation), rgb: pixels, notes };
}

/** Reads a picture file; only one within a folder, where that is given. Throws a ConvLensError of kind `input`. */
export async function readPicture(
  path: string,
  bounds: Pick<Bounds, "within"> = {},
): Promise<Picture> {
  return withJudged({ path, ...bounds }, async (judged, stamp) => {
    const { width, height } = judged.size;
    if (width * height <= HELD_PIXELS) return held(await decodeWhole(judged));
    return large(new LargePictureReader({ path, stamp, ...bounds }, judged), judged);
  });
}

/** A picture that is there already. */
export function held(picture: DecodedPicture): Picture {
  const { width, height, rgb, notes } = picture;
  return {
    ...{ width, height },
    reduce: (reduction) => Promise.resolve(reduced(reduction)),
    notes: () => notes,
  };
  function reduced(reduction: Reduction): Uint8Array {
    const reducer = reducerOf(reduction);
    for (let y = 0; y < height; y++)
      if (reducer.wants(y)) reducer.row(y, rgb.subarray(y * width * 3, (y + 1) * width * 3), 3);
    return reducer.result();
  }
}

function large(reader: LargePictureReader, { size, orientation }: Judged): Picture {
  return {
    ...uprightSize(size, orientation),
    reduce: async (wanted) => {
      const of = stored(wanted, size, orientation);
      return of.turned(await reader.reduce(of.reduction));
    },
    notes: () => reader.notes,
  };
}
