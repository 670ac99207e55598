import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { census } from "../../src/methods/census/index.ts";
import { pictureBatches, PictureStore } from "../../src/session/index.ts";
import { floats } from "../../src/base/tensor.ts";
import { QUIET } from "./job.ts";
import type { Arrays, Task } from "./types.ts";

export const pictureTasks = {
  /** A census over a folder, from the files on disk. */
  async census(job): Promise<Arrays> {
    const folder = join(job.folder, "pictures");
    const files = (await readdir(folder)).sort().map((name) => join(folder, name));
    const refuse = (file: string, reason: string): never => {
      throw new RangeError(`${file}: ${reason}`);
    };
    const batches = pictureBatches(job.open, new PictureStore(), files, refuse);
    const { layers } = await census(job.runner().subject, batches, QUIET);
    const filters = layers.flatMap((layer) => layer.filters);
    const column = (key: "max" | "mean"): Arrays[string] =>
      floats(
        [filters.length],
        Float32Array.from(filters, (filter) => filter[key]),
      );
    return { max: column("max"), mean: column("mean") };
  },
} satisfies Readonly<Record<string, Task>>;
