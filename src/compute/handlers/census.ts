import { createHash } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { cacheDirectory } from "../../native/cache.ts";
import { countPictures, pictureFiles, type Counted } from "../../session/index.ts";
import type { Census as CensusView } from "../../shared/contract/experiments.ts";
import type { OpenModels } from "../../session/index.ts";
import { profileOf, type Known } from "./filter-profile.ts";
import { timed, type Part } from "./timed.ts";

/** An interrupted count that nobody took up again is forgotten. */
const FORGET_MS = 14 * 24 * 3600 * 1000;

/** The census, kept in the cache folder while it counts, and the profiles of its filters. */
export function censusHandlers(models: OpenModels): Part<"census" | "filterProfile"> {
  /** The last census of each model, for the profiles of its filters. */
  const known = new Map<string, Known>();
  return {
    census: ({ model, paths }, control) =>
      timed(async () => {
        const runner = await models.runner(model);
        const files = await pictureFiles(paths);
        const stateFile = await stateFileOf(model, paths);
        const keep = (census: Counted): void => void known.set(model, { census, files });
        const result = await countPictures(
          runner,
          models.pictures,
          { files, stateFile, keep },
          {
            signal: control.signal,
            progress: ({ partial, ...more }) => {
              control.progress({ ...more, partial: viewOf(partial as Counted) });
            },
          },
        );
        keep(result);
        return { engine: runner.engine.info.name, result: viewOf(result) };
      }),
    filterProfile: (params, control) =>
      timed(async () => ({
        engine: (await models.engineInfo()).name,
        result: await profileOf(models, known.get(params.model), params, control),
      })),
  };
}

/** One for each model and choice of pictures; old ones are removed on the way. */
async function stateFileOf(model: string, paths: readonly string[]): Promise<string> {
  const folder = path.join(cacheDirectory(), "census");
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => null);
    if (info && Date.now() - info.mtimeMs > FORGET_MS) await rm(file, { force: true });
  }
  const hash = createHash("sha256")
    .update(JSON.stringify([model, paths]))
    .digest("hex");
  return path.join(folder, `${hash.slice(0, 32)}.json`);
}

function viewOf(counted: Counted): Omit<CensusView, "engine" | "seconds"> {
  const { images, total, unreadable, resumed, layers, skipped } = counted;
  return {
    ...{ images, total, unreadable, resumed, skipped },
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
