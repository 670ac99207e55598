import type { LayerOp, LayerSummary, ModelSummary } from "../../shared/contract/model.ts";
import { decimal, heard, plural, t } from "../../shared/l10n.ts";
import { markdownText } from "../../base/plain-text.ts";
import type { Shape } from "../../base/tensor.ts";

/** Names of the workbench's own icons. */
export const OP_ICONS: Readonly<Record<LayerOp, string>> = {
  input: "file-media",
  conv: "symbol-array",
  "depthwise-conv": "layers",
  "transposed-conv": "expand-all",
  dense: "git-merge",
  norm: "settings",
  activation: "pulse",
  pool: "fold",
  merge: "add",
  reshape: "symbol-structure",
  preprocess: "filter",
  opaque: "question",
  other: "circle-outline",
};

/** `112 × 112 × 32`: the sizes of one picture in the file's order, without the axis of pictures; `?` is a size that the file leaves free. */
export const shapeText = (shape: Shape | null): string =>
  shape === null
    ? t("shape unknown")
    : shape
        .slice(1)
        .map((axis) => axis ?? "?")
        .join(" × ") || t("scalar");

/** 3413 -> `3.4 k`. */
export function countText(count: number): string {
  const units = ["", " k", " M", " G", " T"];
  let unit = 0;
  let value = count;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${decimal(value.toFixed(digits))}${units[unit] ?? ""}`;
}

/** What stands behind a layer's name in lists: shape without the batch axis, parameters. */
export function layerDescription(layer: LayerSummary): string {
  const params = layer.params > 0 ? ` · ${t("{0} parameters", countText(layer.params))}` : "";
  return `${shapeText(layer.outputShape)}${params}`;
}

/** Of a note or a reason in a tooltip. */
const MOST_WORDS = 400;

/** A layer in a few sentences, for its tooltip. Markdown. */
export function layerTooltip(layer: LayerSummary): string {
  const { receptiveField } = layer;
  return [
    `**${markdownText(layer.name)}** (${markdownText(layer.className)})`,
    t(
      "Output {0}, {1} parameters, {2} multiply-adds",
      shapeText(layer.outputShape),
      countText(layer.params),
      countText(layer.macs),
    ),
    ...(receptiveField
      ? [
          t(
            "Sees {0} pixels, stride {1}",
            receptiveField.size.join(" × "),
            receptiveField.stride.join(" × "),
          ),
        ]
      : []),
    ...(layer.note === null ? [] : [markdownText(heard(layer.note), MOST_WORDS)]),
    ...(layer.aliases.length === 0
      ? []
      : [
          t(
            "Also called {0}",
            layer.aliases
              .slice(0, 4)
              .map((alias) => markdownText(alias))
              .join(", "),
          ),
        ]),
    ...(layer.source === null
      ? []
      : [t("Made in {0}:{1}", markdownText(layer.source.file), layer.source.line)]),
    ...(layer.opaque === null
      ? []
      : [t("Not executed: {0}", markdownText(heard(layer.opaque), MOST_WORDS))]),
    ...(layer.blockedBy.length === 0
      ? []
      : [
          t(
            "Needs {0}, not executed",
            layer.blockedBy.map((name) => markdownText(name)).join(", "),
          ),
        ]),
  ].join("\n\n");
}

/** Words that `when` clauses of the tree's actions look for. */
export const layerContext = (layer: LayerSummary): string =>
  ["layer", layer.hasKernel && "kernel", layer.spatial && "spatial"].filter(Boolean).join(" ");

/** The same for a model; a checkpoint is one of a training. */
export const modelContext = (isCheckpoint: boolean): string =>
  ["model", isCheckpoint && "checkpoint"].filter(Boolean).join(" ");

/** What stands behind a model's name in the tree: `53 layers · 4.3 M parameters`. */
export const modelDescription = ({ layers, totals, notRunnable }: ModelSummary): string =>
  [
    plural(layers.length, "{0} layer", "{0} layers"),
    t("{0} parameters", countText(totals.params)),
    ...(notRunnable === null ? [] : [t("cannot run")]),
  ].join(" · ");
