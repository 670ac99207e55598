import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { arrangeKernel, kernelWeight } from "../../methods/filters/index.ts";
import { census, nearDuplicates, type Census } from "../../methods/census/index.ts";
import { thumbnail } from "../../pictures/index.ts";
import { pictureBatches, type OpenModel } from "../../session/index.ts";
import type { Census as CensusView, Passport } from "../../shared/contract/experiments.ts";
import { inputError, usageError } from "../../shared/errors.ts";
import { asFloats } from "../../shared/tensor.ts";
import type { State } from "../state.ts";
import { timed, type Part } from "./timed.ts";

const PICTURE = /\.(png|jpe?g|webp|bmp)$/i;
const PATCH_SIDE = 96;

export function censusHandlers(state: State): Part<"census" | "passport"> {
  /** The last census of each model, for passports. */
  const known = new Map<string, Census>();
  return {
    census: ({ model, paths }, control) =>
      timed(async () => {
        const runner = await state.runner(model);
        const pictures = (await Promise.all(paths.map(list))).flat();
        if (pictures.length === 0) throw inputError("There are no pictures in what was chosen.");
        const skipped: { image: string; reason: string }[] = [];
        const batches = pictureBatches(runner.model, state.pictures, pictures, (image, reason) =>
          skipped.push({ image, reason }),
        );
        const result = await census(runner.subject, batches, control, (soFar) => {
          known.set(model, soFar);
          control.progress({
            fraction: soFar.images / pictures.length,
            partial: viewOf({ ...soFar, skipped }),
          });
        });
        return { engine: runner.engine.info.name, result: viewOf({ ...result, skipped }) };
      }),
    passport: ({ model, layer, filter }) =>
      timed(async () => {
        const counted = known.get(model);
        const own = counted?.layers.find(({ name }) => name === layer)?.filters[filter];
        if (!counted || !own)
          throw usageError(
            `There is no census of layer '${layer}' yet: count a folder of pictures first.`,
          );
        const open = await state.model(model);
        const patches = [];
        for (const { image, value } of own.top.slice(0, 6)) {
          const { picture } = await state.pictures.read(image);
          patches.push({ image, value, ...thumbnail(picture, PATCH_SIDE) });
        }
        const result: Omit<Passport, "engine" | "seconds"> = {
          layer,
          filter,
          images: counted.images,
          max: own.max,
          mean: own.mean,
          zeroFraction: own.zeroFraction,
          histogram: own.histogram,
          twin: await twinOf(open, layer, filter),
          patches,
        };
        return { engine: "file", result };
      }),
  };
}

async function list(place: string): Promise<string[]> {
  const info = await stat(place).catch(() => null);
  if (!info) throw inputError(`There is no file or folder ${place}.`);
  if (!info.isDirectory()) return [place];
  const names = await readdir(place);
  return names
    .filter((name) => PICTURE.test(name))
    .sort()
    .map((name) => path.join(place, name));
}

function viewOf({ images, layers, skipped }: Census): Omit<CensusView, "engine" | "seconds"> {
  return {
    images,
    skipped,
    layers: layers.map(({ name, filters }) => {
      const which = (key: "dead" | "saturated" | "constant"): number[] =>
        filters.flatMap((filter, k) => (filter[key] ? [k] : []));
      return {
        name,
        filters: filters.length,
        dead: which("dead"),
        saturated: which("saturated"),
        constant: which("constant"),
        zeroFraction: Float32Array.from(filters, ({ zeroFraction }) => zeroFraction),
        max: Float32Array.from(filters, ({ max }) => max),
      };
    }),
  };
}

async function twinOf(open: OpenModel, name: string, filter: number): Promise<Passport["twin"]> {
  const layer = open.layer(name);
  const weight = kernelWeight(layer);
  if (!weight) return null;
  const kernel = arrangeKernel(layer, weight, asFloats(await open.graph.weights.read(weight.ref)));
  const [nearest] = nearDuplicates(kernel, -1).filter(({ a, b }) => a === filter || b === filter);
  if (!nearest) return null;
  return { filter: nearest.a === filter ? nearest.b : nearest.a, cosine: nearest.cosine };
}
