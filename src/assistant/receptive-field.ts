import { mapNode } from "../methods/activations/index.ts";
import { seenBy } from "../methods/inspect/index.ts";
import { pictureOfLayer } from "../session/index.ts";
import { inputError } from "../base/errors.ts";
import { numberOf, textOf } from "./arguments.ts";
import { LAYER, MODEL, schemaOf } from "./schema.ts";
import type { Tool } from "./types.ts";

/** A layer's theoretical receptive field, and the rectangle of the input that one cell sees. */
export const receptiveField: Tool = {
  name: "convlens_receptive_field",
  title: "Receptive field",
  description:
    "Tells how many input pixels one cell of a layer's feature maps sees, with stride, and for a given cell exactly which rectangle of the input. Computed from kernels, strides, dilations and padding along all paths; nothing is run.",
  schema: schemaOf(
    { ...MODEL, ...LAYER },
    {
      y: { type: "integer", description: "Row of the cell (the middle one if left out)." },
      x: { type: "integer", description: "Column of the cell (the middle one if left out)." },
    },
  ),
  async run(desk, args) {
    const model = await desk.model(textOf(args, "model"));
    const layer = model.layer(textOf(args, "layer"));
    const summary = model.summary.layers.find(({ name }) => name === layer.name);
    const [, rows, columns] = summary?.mapShape ?? [];
    if (!summary?.spatial || !rows || !columns)
      throw inputError(`Layer '${layer.name}' has no feature maps, so no receptive field.`);
    const [y, x] = [numberOf(args, "y", rows >> 1), numberOf(args, "x", columns >> 1)];
    if (y < 0 || y >= rows || x < 0 || x >= columns)
      throw inputError(
        `Cell (${y}, ${x}) is outside the ${rows} x ${columns} maps of '${layer.name}'.`,
      );
    const input = pictureOfLayer(model, layer.name).node;
    const seen = seenBy(model.graph.nodes, mapNode(model.graph, layer, false), [y, x], input);
    const field = summary.receptiveField;
    const text = [
      field
        ? `one cell of ${layer.name} (${rows} x ${columns}) sees ${field.size.join(" x ")} input pixels, stride ${field.stride.join(" x ")}`
        : `${layer.name} has no regular receptive field`,
      seen
        ? `cell (row ${y}, column ${x}) sees rows ${seen[0].join(" to ")} and columns ${seen[1].join(" to ")}; numbers outside the picture are padding`
        : `cell (row ${y}, column ${x}) does not depend on the picture`,
    ];
    return { text: text.join("\n"), png: null };
  },
};
