import type { QuickPickItemKind, Uri } from "vscode";
import { labelText } from "../../base/plain-text.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import { t } from "../../shared/l10n.ts";
import { layerDescription, OP_ICONS } from "../views/layer-item.ts";

/** One row of a quick pick, with what it stands for: text, in which nothing is obeyed. */
export interface Choice<T> {
  /** A codicon before the label. */
  icon?: string;
  label: string;
  description?: string;
  detail?: string;
  /** A picture before the label. */
  iconPath?: Uri;
  /** A heading over the rows that follow. */
  kind?: QuickPickItemKind;
  readonly value: T;
}

/** As the workbench draws it, which makes icons of `$(name)` in all that it shows: only `icon` is one. */
export const row = <T>({ icon, label, description, detail, ...rest }: Choice<T>): Row<T> => ({
  ...rest,
  label: icon === undefined ? labelText(label) : `$(${icon}) ${labelText(label)}`,
  ...(description !== undefined && { description: labelText(description) }),
  ...(detail !== undefined && { detail: labelText(detail) }),
});
/** What `row` makes. */
export type Row<T> = Omit<Choice<T>, "icon">;

/** Layers with icon, class, shape and parameters; the value is the layer's name. */
export const layerChoices = (layers: readonly LayerSummary[]): Choice<string>[] =>
  layers.map((layer) => ({
    icon: OP_ICONS[layer.op],
    label: layer.name,
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
