import { pictureInput, pictureSize, type OpenModel } from "../../session/index.ts";
import { wholeNumber, type Arguments } from "./options.ts";

/** As many pixels as 16 pictures of 224 x 224 are run at a time, unless --batch says how many pictures. */
const PIXELS = 16 * 224 * 224;
const MOST = 400;

/** How many pictures a method runs at a time. Throws a ConvLensError for a model that takes more or other than one picture. */
export function batchSize(args: Arguments, { graph }: OpenModel): number {
  const [height, width] = pictureSize(pictureInput(graph));
  const fallback = Math.max(1, Math.min(MOST, Math.floor(PIXELS / (height * width))));
  return wholeNumber(args, "batch", { fallback, least: 1 });
}
