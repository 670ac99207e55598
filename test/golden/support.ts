import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine, nativeStatus } from "../../src/engine/index.ts";
import type { Engine } from "../../src/engine/types.ts";
import { decodeNpy, readPicture, toInput } from "../../src/pictures/index.ts";
import type { ClassMap } from "../../src/methods/cam/index.ts";
import type { CamMethod } from "../../src/shared/catalogue.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import {
  Explained,
  OpenModel,
  pictureInput,
  pictureSize,
  Runner,
  ValueCache,
} from "../../src/session/index.ts";
import type { Fed } from "../../src/session/index.ts";
import type { EngineName } from "../../src/shared/engines.ts";
import { NAMED_SCALINGS } from "../../src/base/preprocessing.ts";
import type { FloatTensor } from "../../src/base/tensor.ts";

const here = path.dirname(fileURLToPath(import.meta.url));
export const data = (name: string): string => path.join(here, "data", name);
export const model = (name: string): string => path.join(here, "../models", name);

/** A golden array. */
export const expected = async (name: string): Promise<FloatTensor> =>
  decodeNpy(await readFile(data(name)), name);

/** Runs a suite once per engine; an engine that is not there is shown as skipped, with its reason. */
export function onEachEngine(suite: (engine: () => Engine, name: EngineName) => void): void {
  const native = nativeStatus();
  for (const name of ["native", "wasm"] as const) {
    if (name === "native" && !native.ready) {
      it.skip(`on native: ${native.reason ?? "not ready"}`);
      continue;
    }
    describe(`on ${name}`, () => {
      let engine: Engine | undefined;
      before(async () => {
        ({ engine } = await createEngine(name));
      });
      after(() => engine?.dispose());
      suite(() => engine ?? assert.fail("the engine did not start"), name);
    });
  }
}

/** A model, opened once for a suite, with a fresh cache for each runner. */
export async function open(file: string, scaling: string): Promise<OpenModel> {
  const opened = await OpenModel.open(model(file));
  const named = NAMED_SCALINGS[scaling] ?? assert.fail(`no scaling '${scaling}'`);
  opened.setPreprocessing({ ...named, fit: "crop", source: "user", why: "the peers' own" });
  return opened;
}
export const runnerOf = (opened: OpenModel, engine: Engine): Runner =>
  new Runner(opened, engine, new ValueCache(64 * 2 ** 20));

export async function feed(opened: OpenModel, picture: string): Promise<Fed> {
  const decoded = await readPicture(data(picture));
  const size = pictureSize(pictureInput(opened.graph));
  return { key: picture, inputs: [await toInput(decoded, opened.preprocessing, size)] };
}

/** Largest difference relative to the largest magnitude expected. */
export function relativeError(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  assert.equal(actual.length, wanted.length, "the arrays differ in size");
  let [difference, magnitude] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    difference = Math.max(difference, Math.abs((actual[i] ?? NaN) - (wanted[i] ?? NaN)));
    magnitude = Math.max(magnitude, Math.abs(wanted[i] ?? 0));
    // Math.max passes NaN on, so a NaN anywhere fails the comparison below
  }
  return difference / magnitude;
}

/** Peers agree with each other to 5e-6 of an array's maximum; 1e-4 leaves room for float32 sums in another order. */
export function assertClose(
  actual: FloatTensor,
  wanted: FloatTensor,
  what: string,
  limit = 1e-4,
): void {
  const error = relativeError(actual.data, wanted.data);
  assert.ok(error <= limit, `${what}: relative error ${error} is above ${limit}`);
}

const silent = { signal: new AbortController().signal, progress: () => undefined };

/** The maps of some classes at one layer, as everybody asks for them. */
export async function camOf(
  runner: Runner,
  fed: Fed,
  { name }: { readonly name: string },
  classes: readonly number[],
  method: CamMethod,
): Promise<readonly ClassMap[]> {
  const question = { ...gradCam("", classes.map(classTarget), name), method };
  return (await new Explained(runner, fed).cam(question, { context: silent })).maps;
}
