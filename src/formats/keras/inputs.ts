/** Shapes of a model's inputs: as the file tells them, with sizes it leaves free filled in. */
import { at } from "../../base/at.ts";
import type { Shape } from "../../base/tensor.ts";
import { text } from "../json.ts";
import { shapeOf, type KerasLayer, type KerasModel } from "./model.ts";
import type { LayerWeights } from "./weights.ts";

/** `batch_shape` (Keras 3), `batch_input_shape` (Keras 1, 2) or `input_shape` (without the batch). */
export function inputShapeOf({ config, buildShape }: KerasLayer): Shape | null {
  const whole = shapeOf(config.get("batch_shape")) ?? shapeOf(config.get("batch_input_shape"));
  if (whole) return whole;
  const rest = shapeOf(config.get("input_shape"));
  return rest ? [null, ...rest] : buildShape;
}

/** A Sequential model may tell it in its first layer, inside its first (nested) model, or where it was built. */
export function sequentialShape(
  model: KerasModel,
  weightsOf: (layer: KerasLayer) => LayerWeights,
  notes: Set<string>,
): Shape | null {
  const [first] = model.layers;
  if (!first) return null;
  const told = inputShapeOf(first) ?? model.buildShape ?? (first.model && inside(first.model));
  if (told) return told;
  const kernel = weightsOf(first)
    .infos()
    .find(({ name }) => name.endsWith("kernel"))?.shape;
  if (kernel?.length !== 4 && kernel?.length !== 2) return null;
  notes.add(
    "The file does not tell the input's shape; it was found from the first layer's kernel.",
  );
  const channels = at(kernel, -2) * first.config.number("groups", 1);
  if (kernel.length === 2) return [null, channels];
  return pictureOrder(model) === "channels_first"
    ? [null, channels, null, null]
    : [null, null, null, channels];
}

/** The order of axes in which a model's pictures arrive: that of its first layer which tells one. */
export function pictureOrder(model: KerasModel): "channels_first" | "channels_last" {
  return firstOrder(model) === "channels_first" ? "channels_first" : "channels_last";
}
function firstOrder({ layers }: KerasModel): string | null {
  for (const { className, config, model } of layers) {
    // any order can be flattened
    const own = className === "Flatten" ? null : text(config.get("data_format"));
    const told = model ? firstOrder(model) : own;
    if (told !== null) return told;
  }
  return null;
}

function inside(model: KerasModel): Shape | null {
  const name = model.inputs[0]?.layer;
  const input = model.layers.find((layer) =>
    name === undefined ? layer.className === "InputLayer" : layer.name === name,
  );
  return (input ? inputShapeOf(input) : null) ?? model.buildShape;
}
