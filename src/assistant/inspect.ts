import type { LayerSummary } from "../shared/contract/model.ts";
import { MODEL, schemaOf } from "./schema.ts";
import type { Tool } from "./types.ts";

/** Longer lists would fill an assistant's memory. */
const MOST_LAYERS = 150;

const shape = (axes: readonly (number | null)[] | null): string =>
  axes === null ? "?" : `[${axes.map((axis) => axis ?? "N").join(",")}]`;

function line(layer: LayerSummary): string {
  const { name, className, outputShape, params, receptiveField, opaque, note, source } = layer;
  const field = receptiveField?.size.join("x");
  return [
    `${name} (${className}) ${shape(outputShape)}`,
    ...(params > 0 ? [`${params} parameters`] : []),
    ...(field === undefined ? [] : [`receptive field ${field}`]),
    ...(opaque === null ? [] : [`not executed: ${opaque}`]),
    ...(note === null ? [] : [note]),
    ...(source === null ? [] : [`made at ${source.file}:${source.line}`]),
  ].join(", ");
}

/** What the model's file holds, without running it: at most 150 layers, one a line. */
export const inspect: Tool = {
  name: "convlens_inspect",
  title: "Inspect a model",
  description:
    "Lists what a convolutional network's file holds: format, inputs, outputs, preprocessing, and every layer in order with class, output shape, parameters and receptive field in input pixels. Nothing is run. Ask this first to learn layer names.",
  schema: schemaOf(MODEL),
  async run(desk, args) {
    const { summary, preprocessing } = await desk.model(String(args["model"]));
    const { name, format, producer, inputs, outputs, layers, totals, notes } = summary;
    const ends = (list: typeof inputs): string =>
      list.map((end) => `${end.name} ${shape(end.shape)}`).join(", ");
    const { order, scale, mean, std, why } = preprocessing;
    const text = [
      `${name}: ${format}${producer === null ? "" : ` written by ${producer}`}`,
      `inputs ${ends(inputs)}; outputs ${ends(outputs)}`,
      `${totals.params} parameters (${totals.trainable} trainable), ${totals.macs} multiply-adds a picture`,
      `preprocessing: (u * ${scale} - [${mean.join(", ")}]) / [${std.join(", ")}], ${order}. ${why}`,
      ...(summary.notRunnable === null ? [] : [summary.notRunnable]),
      ...notes,
      `layers (${layers.length}):`,
      ...layers.slice(0, MOST_LAYERS).map(line),
      ...(layers.length > MOST_LAYERS ? [`... and ${layers.length - MOST_LAYERS} more`] : []),
    ];
    return { text: text.join("\n"), png: null };
  },
};
