import type { QuickPickItemKind, Uri } from "vscode";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { t } from "../../shared/l10n.ts";
import { layerDescription, OP_ICONS } from "../views/layer-item.ts";

/** One row of a quick pick, with what it stands for. */
export interface Choice<T> {
  label: string;
  description?: string;
  detail?: string;
  /** A picture before the label. */
  iconPath?: Uri;
  /** A heading over the rows that follow. */
  kind?: QuickPickItemKind;
  readonly value: T;
}

/** Layers with icon, class, shape and parameters; the value is the layer's name. */
export const layerChoices = (layers: readonly LayerSummary[]): Choice<string>[] =>
  layers.map((layer) => ({
    label: `$(${OP_ICONS[layer.op]}) ${layer.name}`,
    description: `${layer.className} · ${layerDescription(layer)}`,
    value: layer.name,
  }));

/** Every class by its label (or number), to be searched by either. */
export const classChoices = (classes: number, labels: readonly string[] | null): Choice<number>[] =>
  Array.from({ length: classes }, (_, index) => ({
    label: labels?.[index] ?? t("Class {0}", index),
    description: String(index),
    value: index,
  }));
