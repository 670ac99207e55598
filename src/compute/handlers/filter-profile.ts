import type { Census } from "../../methods/census/index.ts";
import { influenceOf, patchThatFired, twinOf } from "../../session/index.ts";
import type { FilterProfile } from "../../shared/contract/experiments.ts";
import type { Control } from "../../shared/control.ts";
import { usageError } from "../../base/errors.ts";
import type { OpenModels } from "../../session/index.ts";

const SHOWN_PATCHES = 6;

/** A census with the pictures that it is of. */
export interface Known {
  readonly census: Census;
  readonly files: readonly string[];
}

/** What a census knows of one filter, with the parts of the pictures that it fired at most for. */
export async function profileOf(
  models: OpenModels,
  known: Known | undefined,
  { model, layer, filter }: { model: string; layer: string; filter: number },
  control: Pick<Control, "signal">,
): Promise<Omit<FilterProfile, "engine" | "seconds">> {
  const own = known?.census.layers.find(({ name }) => name === layer)?.filters[filter];
  if (!known || !own)
    throw usageError(
      `There is no census of layer '${layer}' yet: count a folder of pictures first.`,
    );
  const runner = await models.runner(model);
  const patches = [];
  for (const { image, value } of own.top.slice(0, SHOWN_PATCHES)) {
    const patch = await patchThatFired(runner, models.pictures, image, layer, filter);
    patches.push({ image, value, ...patch });
  }
  return {
    layer,
    filter,
    images: known.census.images,
    max: own.max,
    mean: own.mean,
    zeroFraction: own.zeroFraction,
    histogram: own.histogram,
    twin: await twinOf(runner.model, layer, filter),
    influence: await influenceOf(runner, models.pictures, known.files, layer, filter, control),
    patches,
  };
}
