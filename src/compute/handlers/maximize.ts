import type { Inputs } from "../../methods/types.ts";
import {
  asPictures,
  bestOver,
  feedPicture,
  maximized,
  maximizedPlace,
  maximizeRows,
  meaningOf,
  objectiveOf,
  type Runner,
} from "../../session/index.ts";
import type { MaximizedPictures } from "../../shared/contract/experiments.ts";
import { whereText } from "../../shared/where.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { OpenModels } from "../../session/index.ts";
import { timed, type Part } from "./timed.ts";

/** Pictures cross to the panel at most this often, whatever a step takes. */
const SHOW_EVERY_MS = 150;
/** Pictures at hand that are looked at beside. */
const MOST_IMAGES = 16;

/** Maximised inputs, sent while they grow, and what pictures at hand reach beside. */
export function maximizeHandlers(models: OpenModels): Part<"maximize"> {
  return {
    maximize: ({ model, question }, control) =>
      timed(async () => {
        const runner = await models.runner(model);
        const { preprocessing } = runner.model;
        const place = await maximizedPlace(runner, question);
        const rows = maximizeRows(runner, question, preprocessing, control, place);
        const [height, width] = rows.size;
        const pictures = (
          step: number,
          steps: number,
          images: FloatTensor,
          values: Float32Array,
        ): MaximizedPictures => ({
          ...{ width, height, rgb: asPictures(images, preprocessing).rgb, values, step, steps },
        });
        let shown = 0;
        const made = await maximized(rows, question.recipe, preprocessing, {
          onStep: (step, total, now, values) => {
            if (performance.now() - shown < SHOW_EVERY_MS) return;
            shown = performance.now();
            const partial = pictures(step, total, now, values.slice());
            control.progress({ fraction: step / total, partial });
          },
        });
        const { steps, images, values, history, probabilities } = made;
        const own = question.targets.map((target) =>
          objectiveOf(runner.model, target, question.options, place),
        );
        const best = await bestOver(
          runner,
          { scores: rows.scores, objectives: own },
          fed(models, runner, question.images),
          control,
        );
        const of = place && {
          output: place.output.spec.name,
          where: place.where && whereText(place.where),
          labels: place.labels,
          meanings: question.targets.map((target) =>
            "classIndex" in target ? meaningOf(place, target.classIndex) : null,
          ),
        };
        const result = { ...pictures(steps, steps, images, values), question, history, best, of };
        return { engine: runner.engine.info.name, result: { ...result, probabilities } };
      }),
  };
}

/** The pictures at hand that can be read; the others are no part of what was asked. */
async function* fed(
  models: OpenModels,
  { model }: Runner,
  images: readonly string[] = [],
): AsyncGenerator<{ image: string; inputs: Inputs }> {
  for (const image of images.slice(0, MOST_IMAGES)) {
    const picture = await feedPicture(model, models.pictures, image).catch(() => null);
    if (picture) yield { image, inputs: picture.inputs };
  }
}
