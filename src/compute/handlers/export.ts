import { reproduce } from "../../code/reproduce/index.ts";
import { animate } from "../../pictures/index.ts";
import { report } from "../../report/index.ts";
import { animateEpochs } from "../../session/training/epochs.ts";
import { usageError } from "../../base/errors.ts";
import { withLayers, type OpenModel, type OpenModels } from "../../session/index.ts";
import { camMethodOf, camQuestion } from "../../shared/intent-questions.ts";
import type { Shown, Wanted } from "../../shared/contract/code.ts";
import type { Part } from "./timed.ts";

const MOST_FRAMES = 600;

/** With what is left to the output: the method of a heat map, and its layers. */
function settled(open: OpenModel, shown: Wanted): Shown {
  if (shown.kind === "cam") return withLayers(open, shown);
  if (shown.kind !== "lens") return shown;
  const { intent, image } = shown;
  const method = camMethodOf(intent, open.summary.outputs);
  return withLayers(open, camQuestion(intent, image, method));
}

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
    reproduce: async ({ model, shown }) => {
      const open = await models.model(model);
      return reproduce(open.summary, settled(open, shown));
    },
    report: async ({ model, pictures, version, asked: question }, control) => {
      const open = await models.model(model);
      const runs = open.summary.notRunnable === null && pictures.length > 0;
      const runner = runs ? await models.runner(model) : null;
      const asked = { model: open, runner, pictures, question, version, date: new Date() };
      return report(asked, control);
    },
  };
}
