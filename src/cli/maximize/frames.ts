import { axes } from "../../base/axes.ts";
import { stat } from "node:fs/promises";
import path from "node:path";
import { usageError } from "../../base/errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { animate, squareColumns, tileSheet, type Moment } from "../../pictures/index.ts";
import { asPictures } from "../../session/index.ts";
import { refuseOver } from "../output/not-over.ts";
import type { PixelScaling } from "../../base/preprocessing.ts";
import type { FloatTensor } from "../../base/tensor.ts";

/** Frames of an animation, about as many as this; a longer run is thinned out evenly. */
const MOST_FRAMES = 90;

/** The steps of a maximisation as they are made. */
export class Film {
  private readonly moments: Moment[] = [];
  private last = -Infinity;

  private constructor(
    private readonly file: string,
    private readonly steps: number,
  ) {}

  /** Throws a usage error, before anything takes its time, where there is no place for it, or one of those that are `read`. */
  static async for(file: string, steps: number, read: readonly string[]): Promise<Film> {
    const folder = await stat(path.dirname(file)).catch(() => null);
    if (folder?.isDirectory() !== true)
      throw usageError(`The animation ${file} cannot be written: its folder is not there.`);
    const there = await stat(file).catch(() => null);
    if (there && !there.isFile())
      throw usageError(`The animation ${file} cannot be written: it is no regular file.`);
    await refuseOver(file, read);
    return new Film(file, steps);
  }

  /** Pictures [N, H, W, C] after a step; of steps that are close together only the first is kept, and the end. */
  take(step: number, images: FloatTensor, scaling: PixelScaling, end = false): void {
    const apart = Math.max(1, Math.ceil(this.steps / MOST_FRAMES));
    if (!end && step - this.last < apart) return;
    if (this.moments.at(-1)?.step === step) this.moments.pop();
    this.last = step;
    const [count, height, width] = axes(images.shape, 4);
    const pixels = asPictures(images, scaling).rgb;
    const tiles = { count, first: 0, total: count, width, height, channels: 3, pixels } as const;
    const sheet =
      count === 1
        ? { width, height, rgb: pixels }
        : tileSheet({ ...tiles, ranges: new Float32Array() }, squareColumns(count), "gray");
    this.moments.push({ ...sheet, step });
  }

  /** Throws a ConvLensError when it cannot be written. */
  async write(): Promise<void> {
    await writeWhole(this.file, animate(this.moments));
  }
}
