/** Shapes of a model's inputs: as the file tells them, with sizes it leaves free filled in. */
import type { Shape } from "../../base/tensor.ts";
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
  const channels = (kernel.at(-2) ?? 1) * first.config.number("groups", 1);
  return kernel.length === 4 ? [null, null, null, channels] : [null, channels];
}

function inside(model: KerasModel): Shape | null {
  const name = model.inputs[0]?.layer;
  const input = model.layers.find((layer) =>
    name === undefined ? layer.className === "InputLayer" : layer.name === name,
  );
  return (input ? inputShapeOf(input) : null) ?? model.buildShape;
}
