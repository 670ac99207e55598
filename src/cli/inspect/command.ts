import type { LayerSummary, ModelSummary } from "../../shared/contract/model.ts";
import type { OutputSummary } from "../../shared/contract/outputs.ts";
import { isDependent } from "../../graph/index.ts";
import type { Command } from "../command.ts";
import { openModel } from "../model/open.ts";
import { grouped, shapeText, table } from "../output/table.ts";

/** What the model's file holds; no engine runs. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const model = await openModel(file, call);
    model.close();
    return { engine: null, document: { ...model.summary }, text: describe(model.summary) };
  },
};

function describe(summary: ModelSummary): string {
  const { name, format, producer, totals, preprocessing, camLayer, notes } = summary;
  const ends = (list: ModelSummary["inputs"]): string =>
    list.map((end) => `${end.name} (${shapeText(end.shape)})`).join(", ") || "none";
  const lines = [
    `${name}: ${format}${producer === null ? "" : `, ${producer}`}, ${grouped(summary.bytes)} bytes`,
    `inputs: ${ends(summary.inputs)}; outputs: ${ends(summary.outputs)}`,
    ...summary.outputs.map(outputText),
    `${grouped(totals.params)} parameters (${grouped(totals.trainable)} trainable), ${grouped(totals.macs)} multiply-adds a picture`,
    `preprocessing: ${preprocessingText(preprocessing)}`,
    `Grad-CAM layer: ${camLayer ? `${[...camLayer.merged, camLayer.name].join(", ")}, ${camLayer.why}` : "none"}`,
    ...(summary.notRunnable === null ? [] : [summary.notRunnable]),
    ...notes.map((note) => `note: ${note}`),
    ...opaqueLines(summary.layers),
    ...summary.layers.flatMap(told),
  ];
  const headings = ["layer", "class", "output", "parameters", "multiply-adds", "field", "stride"];
  return `${lines.join("\n")}\n\n${table(headings, summary.layers.map(row))}`;
}

/** What an output is, and by what that is known. */
const outputText = ({ name, kind, guessed, why }: OutputSummary): string =>
  `${name}: ${kind}${guessed ? " (a guess)" : ""}. ${why}`;

/** What is missing, at once: which layers are not run and why, and how many wait for them. */
function opaqueLines(layers: readonly LayerSummary[]): string[] {
  const opaque = layers.filter(({ opaque: why }) => why !== null && !isDependent(why));
  if (opaque.length === 0) return [];
  const own = new Set(opaque.map(({ name }) => name));
  const blocked = layers.filter(
    ({ name, blockedBy }) => blockedBy.length > 0 && !own.has(name),
  ).length;
  return [
    `not run: ${opaque.length} layer${opaque.length === 1 ? "" : "s"}; ${blocked} more depend on them`,
    ...opaque.map(({ name, className, opaque: why }) => `  ${name} (${className}): ${why ?? ""}`),
  ];
}

/** What an exporter made of a layer, and the line of code it comes from. */
function told({ name, note, source }: LayerSummary): string[] {
  const from = source ? `from ${source.file}:${source.line}` : null;
  const words = [note, from].filter((text) => text !== null).join("; ");
  return words === "" ? [] : [`${name}: ${words}`];
}

function row(layer: LayerSummary): string[] {
  const { receptiveField: field, opaque } = layer;
  return [
    layer.name,
    opaque === null ? layer.className : `${layer.className} (not run)`,
    shapeText(layer.outputShape),
    grouped(layer.params),
    grouped(layer.macs),
    field ? field.size.join(" x ") : "",
    field?.stride.every((step) => step > 0) ? field.stride.join(" x ") : "",
  ];
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

/** The scaling as a formula of 8-bit u, channel order, fit, and where that comes from. */
export function preprocessingText(how: ModelSummary["preprocessing"]): string {
  const { cropped, interpolation } = how;
  const resized = [
    ...(cropped === undefined ? [] : [`the middle ${percent(cropped)}`]),
    ...(interpolation === undefined ? [] : [interpolation]),
  ].map((word) => `, ${word}`);
  return `(u * ${Number(how.scale.toPrecision(6))} - [${how.mean.join(", ")}]) / [${how.std.join(", ")}], ${how.order}, ${how.fit}${resized.join("")} (${how.source}: ${how.why})`;
}
