/** A model that is open and an engine that runs it: what the compute process and the command line share. */
export { conform, readArray, shapeOf } from "./arrays.ts";
export { attackStory, type AttackStory } from "./attack-story.ts";
export { baselineInput, blurred } from "./baselines.ts";
export {
  Explained,
  guideOf,
  importance,
  onOneScale,
  overChannels,
  type HeatMapsRequest,
} from "./explained.ts";
export { countPictures, type Counted } from "./counting.ts";
export {
  feedPicture,
  isArray,
  pictureAmong,
  pictureBatches,
  pictureInput,
  pictureSize,
  PictureStore,
} from "./feed.ts";
export { bestOver, maximizeRows, reachedBy } from "./maximizing.ts";
export { memoryShares } from "./memory-shares.ts";
export { OpenModel } from "./model.ts";
export { objectiveOf } from "./objectives.ts";
export { influenceOf, patchThatFired, twinOf } from "./passport.ts";
export { pictureFiles } from "./picture-files.ts";
export { asPictures, blackInput } from "./ranges.ts";
export { Runner, type Fed } from "./runner.ts";
export { MERGED, scalingText } from "./words.ts";
export { writeSidecar } from "./sidecar.ts";
export { ValueCache } from "./value-cache.ts";
