import { arrayView, modelView } from "../../pictures/index.ts";
import { conform, isArray, pictureAmong, pictureSize, readArray } from "../../session/index.ts";
import type { OpenModel } from "../../session/index.ts";
import type { Picture } from "../../shared/contract/lenses.ts";
import type { OpenModels } from "../../session/index.ts";

/** A picture (or an array) as a network sees it. */
export async function viewOf(
  models: OpenModels,
  model: OpenModel,
  image: string,
): Promise<Picture> {
  const { spec } = pictureAmong(model.graph);
  if (isArray(image)) return arrayView(conform(await readArray(image), spec, image), 0);
  const { picture } = await models.pictures.read(image);
  return modelView(picture, model.preprocessing, pictureSize(spec));
}
