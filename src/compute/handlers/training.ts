import { census } from "../../methods/census/index.ts";
import { weightChange } from "../../methods/training/index.ts";
import { feedPicture, pictureBatches } from "../../session/index.ts";
import { accuracyOver } from "../../session/training/accuracy.ts";
import type { EpochFacts } from "../../shared/contract/training.ts";
import { breathe } from "../../base/errors.ts";
import type { OpenModels } from "../../session/index.ts";
import { timed, type Part } from "./timed.ts";

const MOST_OPEN = 3;
/** A panel may be looking at one: it is let go when nobody asks about it any more. */
const IDLE_MS = 10_000;

/** One checkpoint of a training: how often it is right, classes of the pinned pictures, dead filters, weights' change. */
export function trainingHandlers(models: OpenModels): Part<"epoch" | "accuracy"> {
  const seen = new Set<string>();
  return {
    accuracy: ({ model, folder }, control) =>
      timed(async () => {
        const runner = await models.runner(model);
        const result = await accuracyOver(runner, models.pictures, folder, control);
        seen.add(model);
        return { engine: runner.engine.info.name, result };
      }),
    epoch: ({ model, previous, images }, { signal }) =>
      timed(async () => {
        const runner = await models.runner(model);
        const pictures: EpochFacts["pictures"][number][] = [];
        const skipped: EpochFacts["skipped"][number][] = [];
        for (const image of images) {
          try {
            const fed = await feedPicture(runner.model, models.pictures, image);
            pictures.push({ image, classes: await runner.classesOf(fed.inputs) });
          } catch (error) {
            skipped.push({ image, reason: error instanceof Error ? error.message : String(error) });
          }
          await breathe(signal);
        }
        const names = pictures.map(({ image }) => image);
        const batches = pictureBatches(runner.model, models.pictures, names, () => undefined);
        const control = { signal, progress: () => undefined };
        const counted = names.length === 0 ? null : await census(runner.subject, batches, control);
        const before = previous === null ? null : await models.model(previous);
        const change = before
          ? await weightChange(before.graph, runner.model.graph, { signal })
          : [];
        // only the newest checkpoints are wanted again: the others would fill the memory
        seen.add(model);
        for (const earlier of [...seen].slice(0, -MOST_OPEN))
          if (await models.releaseIdle(earlier, IDLE_MS)) seen.delete(earlier);
        const dead = (counted?.layers ?? []).map(({ name, filters }) => ({
          layer: name,
          dead: filters.filter((filter) => filter.dead).length,
          filters: filters.length,
        }));
        const result = { pictures, dead, counted: names.length, change, skipped };
        return { engine: runner.engine.info.name, result };
      }),
  };
}
