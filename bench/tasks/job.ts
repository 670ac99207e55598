import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createEngine } from "../../src/engine/index.ts";
import { decodeNpy } from "../../src/pictures/index.ts";
import { OpenModel, PictureStore, Runner, ValueCache } from "../../src/session/index.ts";
import type { Control } from "../../src/shared/control.ts";
import type { FloatTensor } from "../../src/base/tensor.ts";
import type { About, Asked, Job } from "./types.ts";

/** Nobody cancels, nobody watches. */
export const QUIET: Control = {
  signal: new AbortController().signal,
  progress: () => undefined,
};

const CACHE_BYTES = 2 ** 30;

const readArray = async (file: string): Promise<FloatTensor> =>
  decodeNpy(await readFile(file), file);

/** A model on an engine, as the compute process holds it. */
export async function openJob(asked: Asked): Promise<Job> {
  const open = await OpenModel.open(asked.model);
  const { engine } = await createEngine(asked.engine);
  return {
    ...asked,
    open,
    engine,
    array: await readArray(asked.input),
    pictures: new PictureStore(),
    runner: () => new Runner(open, engine, new ValueCache(CACHE_BYTES)),
    given: (name) => readArray(join(asked.folder, `${name}.npy`)),
    about: async () =>
      JSON.parse(await readFile(join(asked.folder, "about.json"), "utf8")) as About,
    close: () => {
      engine.dispose();
      open.close();
    },
  };
}
