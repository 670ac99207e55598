import { modelView, toInput, type Picture } from "../../pictures/index.ts";
import {
  isArray,
  pictureInput,
  pictureSize,
  tryScalings,
  type OpenModels,
  type Trial,
} from "../../session/index.ts";
import type { InputCandidate } from "../../shared/contract/lenses.ts";
import { at } from "../../base/at.ts";
import { usageError } from "../../base/errors.ts";
import { rangeOf } from "../../shared/tiles.ts";
import { onPicture, type Part } from "./timed.ts";

/** Which preprocessing a model may want. */
export function scalingHandlers(models: OpenModels): Part<"inputCandidates"> {
  return {
    inputCandidates: async ({ model, image }, { signal }) => {
      if (isArray(image)) throw usageError("An array is the network's input as it is.");
      const { picture } = await models.pictures.read(image);
      return onPicture(models, model, image, async (runner) => {
        const size = pictureSize(pictureInput(runner.model.graph));
        const candidates: InputCandidate[] = [];
        for (const trial of await tryScalings(runner, [picture], signal))
          candidates.push(await candidate(trial, picture, size));
        return { candidates };
      });
    },
  };
}

async function candidate(
  { name, how, used, confidence, classes }: Trial,
  picture: Picture,
  size: readonly [number, number, number],
): Promise<InputCandidate> {
  const { min, max } = rangeOf((await toInput(picture, how, size)).data);
  return {
    ...{ name, preprocessing: how, used, confidence, top: at(classes, 0) },
    view: await modelView(picture, how, size),
    range: [min, max],
  };
}
