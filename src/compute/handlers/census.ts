import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { census, type Census } from "../../methods/census/index.ts";
import { pictureBatches } from "../../session/index.ts";
import type { Census as CensusView } from "../../shared/contract/experiments.ts";
import { inputError } from "../../shared/errors.ts";
import type { State } from "../state.ts";
import { passportOf } from "./passport.ts";
import { timed, type Part } from "./timed.ts";

const PICTURE = /\.(png|jpe?g|webp|bmp)$/i;

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
      timed(async () => ({
        engine: (await state.engineInfo()).name,
        result: await passportOf(state, known.get(model), model, layer, filter),
      })),
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
