/** The picture that is attacked, and the one that comes out. */
import { at } from "../../base/at.ts";
import { axes } from "../../base/axes.ts";
import type { AttackResult } from "../../methods/attack/types.ts";
import { encodePng } from "../../pictures/index.ts";
import {
  asPictures,
  attackedInput,
  type AttackStory,
  type OpenModel,
} from "../../session/index.ts";
import { usageError } from "../../base/errors.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import { rangeOf } from "../../shared/tiles.ts";
import { withoutBatch } from "../model/batches.ts";
import type { Call } from "../command.ts";
import { tileGrid } from "../../pictures/index.ts";
import { readInputs } from "../arguments/inputs.ts";

/** The picture as the network's input [1, H, W, C]. Throws a ConvLensError where there is not exactly one. */
export async function onePicture(model: OpenModel, call: Call): Promise<FloatTensor> {
  attackedInput(model.graph);
  const { inputs, count } = await readInputs(model, call);
  if (count > 1) throw usageError(`attack takes one picture at a time, not ${count}.`);
  return at(inputs, 0);
}

/** Writes the attacked input, heat maps before and after, and the map of pixels, each [H, W]. */
export async function writeAttacked(
  { artifacts }: Call,
  { preprocessing }: OpenModel,
  { image, map, before }: AttackResult,
  { cams }: AttackStory,
): Promise<void> {
  const [, height, width] = axes(image.shape, 4);
  await artifacts.array("image", withoutBatch(image));
  await artifacts.picture("image", () =>
    encodePng(asPictures(image, preprocessing).rgb, width, height, 3),
  );
  for (const [i, name] of (["cam_before", "cam_after"] as const).entries()) {
    const cam = cams?.[i];
    if (cam) await artifacts.array(name, floats([height, width], cam));
  }
  if (!map) return;
  await artifacts.array("map", map);
  // bright where a pixel moves the class most
  const moved = map.data.map((probability) => Math.abs(probability - before.probability));
  const largest = rangeOf(moved).max || 1;
  const pixels = Uint8Array.from(moved, (change) => Math.round((255 * change) / largest));
  await artifacts.picture("map", () =>
    tileGrid(
      {
        ...{ count: 1, first: 0, total: 1, width, height, channels: 1, pixels },
        ranges: new Float32Array(),
      },
      1,
      "viridis",
    ),
  );
}
