import type { FramesRequest } from "../../../src/shared/contract/training.ts";
import type { MaximizedPictures } from "../../../src/shared/contract/experiments.ts";

/** Steps that are kept of a batch; a longer run is thinned out. */
const MOST_STEPS = 40;
/** Of all batches: the oldest are forgotten. */
const MOST_BYTES = 64 * 2 ** 20;

interface Reel {
  readonly count: number;
  frames: MaximizedPictures[];
}

/** The pictures on the way to the maximised ones, as far as the panel saw them. */
export class Film {
  private readonly reels = new Map<number, Reel>();

  /** Pictures of the `count` items from `first` on; a batch that begins anew begins its film anew. */
  take(first: number, count: number, pictures: MaximizedPictures): void {
    const known = this.reels.get(first);
    const last = known?.frames.at(-1)?.step ?? -1;
    const reel = known && pictures.step >= last ? known : { count, frames: [] };
    this.reels.set(first, reel);
    reel.frames.push(pictures);
    // every second goes: what stays is as far apart as before, twice over
    if (reel.frames.length > MOST_STEPS) reel.frames = reel.frames.filter((_, i) => i % 2 === 0);
    for (const oldest of this.reels.keys()) {
      if (this.bytes <= MOST_BYTES || oldest === first) break;
      this.reels.delete(oldest);
    }
  }

  /** The steps of one item; null where too few are known. */
  of(index: number): FramesRequest | null {
    for (const [first, { count, frames }] of this.reels) {
      const slot = index - first;
      const [any] = frames;
      if (slot < 0 || slot >= count || !any || frames.length < 2) continue;
      const { width, height } = any;
      const size = width * height * 3;
      return {
        ...{ width, height },
        frames: frames.map(({ rgb, step }) => ({
          rgb: rgb.slice(slot * size, (slot + 1) * size),
          step,
        })),
      };
    }
    return null;
  }

  private get bytes(): number {
    let sum = 0;
    for (const { frames } of this.reels.values()) for (const { rgb } of frames) sum += rgb.length;
    return sum;
  }
}
