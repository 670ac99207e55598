import { arrayView, curvesOf, modelView, seriesView } from "../../pictures/index.ts";
import type { Picture } from "../../shared/contract/lenses.ts";
import { inputError } from "../../base/errors.ts";
import { isSeries } from "../../graph/index.ts";
import type { OpenModel } from "../open/model.ts";
import { conform, readArray } from "./arrays.ts";
import { isArray, pictureAmong, pictureSize, type PictureStore } from "./feed.ts";

/**
 * What one of the model's pictures is, for the eye, as the network sees it: a picture or array file for the first of them, and what the
 * sidecar says for another (`on`: its name). Throws a ConvLensError of kind `input` where it cannot be read, or nothing is said.
 */
export async function viewOf(
  model: OpenModel,
  store: PictureStore,
  image: string,
  on: string | null = null,
): Promise<Picture> {
  const first = pictureAmong(model.graph);
  const { at, spec } = pictureAmong(model.graph, on);
  if (at !== first.at) {
    const stated = await model.statedInput(spec);
    if (stated) return arrayView(stated, 0);
    throw inputError(`Nothing says what '${spec.name}' is.`);
  }
  if (isArray(image)) {
    const array = conform(await readArray(image), spec, image);
    if (isSeries(spec)) return { ...seriesView(array, 0), curves: curvesOf(array, 0) };
    const { slices } = spec;
    return { ...arrayView(array, 0), ...(slices !== undefined && { slices }) };
  }
  const { picture } = await store.read(image);
  return modelView(picture, model.preprocessing, pictureSize(spec));
}
