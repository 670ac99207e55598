import { reproduce } from "../../code/reproduce/index.ts";
import { animate } from "../../pictures/index.ts";
import { report } from "../../report/index.ts";
import { animateEpochs } from "../../session/training/epochs.ts";
import { usageError } from "../../base/errors.ts";
import type { OpenModels } from "../../session/index.ts";
import type { Part } from "./timed.ts";

const MOST_FRAMES = 600;

/** What leaves the panel: reports and animations. */
export function keepHandlers(models: OpenModels): Part<"animate" | "gif" | "report" | "reproduce"> {
  return {
    animate: (request, control) => animateEpochs(models, request, control),
    gif: ({ width, height, frames }) => {
      const fits = frames.every(({ rgb }) => rgb.length === width * height * 3);
      if (frames.length === 0 || frames.length > MOST_FRAMES || !fits)
        throw usageError(`An animation has 1 to ${MOST_FRAMES} pictures of one size.`);
      return animate(frames.map((frame) => ({ ...frame, width, height })));
    },
    reproduce: async ({ model, shown }) => reproduce((await models.model(model)).summary, shown),
    report: async ({ model, pictures, version, asked: question }, control) => {
      const open = await models.model(model);
      const runs = open.summary.notRunnable === null && pictures.length > 0;
      const runner = runs ? await models.runner(model) : null;
      const asked = { model: open, runner, pictures, question, version, date: new Date() };
      return report(asked, control);
    },
  };
}
