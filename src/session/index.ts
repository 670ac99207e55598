/** A model that is open and an engine that runs it: what the compute process and the command line share. */
export { conform, readArray, shapeOf } from "./run/arrays.ts";
export { attack, attackedInput, type Attacked } from "./attack/attacking.ts";
export { attacked, goalNamed, isNumber } from "./attack/goal.ts";
export { attackStory, type AttackStory } from "./attack/attack-story.ts";
export { baselineInput, blurred } from "./run/baselines.ts";
export type { AttributeAnswer, CamAnswer } from "./explain/answers.ts";
export { channelFlow, flowOf } from "./explain/flow.ts";
export { enlarged, importance, overChannels } from "./explain/pixels.ts";
export { withLayers } from "./explain/with-layers.ts";
export { Explained } from "./explained.ts";
export { answered } from "./run/answering.ts";
export { placed, type Aim, type Place } from "./run/aim.ts";
export { countPictures, type Counted } from "./census/census.ts";
export {
  feedPicture,
  isArray,
  pictureBatches,
  pictureInput,
  pictureOfLayer,
  pictureSize,
  PictureStore,
  usualBatch,
} from "./run/feed.ts";
export { bestOver, maximized, maximizedPlace, maximizeRows } from "./maximize/maximizing.ts";
export { memoryShares } from "./run/memory-shares.ts";
export { judgeQuestion } from "./judge-question.ts";
export { OpenModels } from "./open/open-models.ts";
export { OpenModel } from "./open/model.ts";
export { namesClasses, pickClasses } from "./run/named-classes.ts";
export { objectiveOf } from "./maximize/objectives.ts";
export { influenceOf, patchThatFired, twinOf } from "./census/filter-profile.ts";
export { refuseVolume, slicesIn, unstacked } from "./run/volumes.ts";
export { evenly, pictureFiles } from "./run/picture-files.ts";
export { asPictures, blackInput } from "./run/ranges.ts";
export { Runner, type Fed } from "./run/runner.ts";
export { meaningOf, scalingText } from "./run/words.ts";
export { writeInputs } from "./open/besides.ts";
export { keepLabels } from "./open/kept-labels.ts";
export { writeSidecar } from "./open/sidecar.ts";
export { chooseStructure, structureChoices } from "./structures/choose.ts";
export { exportStructure } from "./exporting/export.ts";
export { helperFile } from "./exporting/helper.ts";
export { inputsOf, suggested } from "./exporting/suggest.ts";
export { ValueCache } from "./run/value-cache.ts";
export { tryScalings, type Trial } from "./scaling/trials.ts";
export { viewOf } from "./run/view.ts";
