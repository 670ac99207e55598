/** The tool bar's choices of the Grad-CAM lens: method, layers, and a class to subtract. */
import { CAM_METHODS, type CamMethod } from "../../../src/shared/catalogue.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../../common/state/app.ts";
import { dropdown, groupedDropdown } from "../../common/styles/controls.ts";
import { icon } from "../../common/styles/icons.ts";
import { t } from "../../common/text/l10n.ts";
import { methodChoices, sentenceOf } from "../../common/text/methods.ts";
import { className } from "../../common/text/search.ts";

export function methodChoice(
  value: CamMethod,
  change: (method: CamMethod) => void,
): TemplateResult {
  return html`<label title=${sentenceOf(CAM_METHODS[value])}
    >${t("Method")}
    ${groupedDropdown(t("Method"), methodChoices(CAM_METHODS), value, change)}</label
  >`;
}

/** A second method below the first, or none. */
export const besideChoice = (
  value: CamMethod | null,
  change: (method: CamMethod | null) => void,
): TemplateResult =>
  html`<label
    >${t("Beside")}
    ${groupedDropdown<CamMethod | "">(
      t("Beside"),
      [["", [["", t("none")]]], ...methodChoices(CAM_METHODS)],
      value ?? "",
      (method) => change(method || null),
    )}</label
  >`;

export function layerChoice(
  { summary, intent }: App,
  change: (layer: string | null) => void,
): TemplateResult {
  const auto = summary.camLayer ? t("auto: {0}", summary.camLayer.name) : t("auto");
  return html`<label
    >${t("Layer")}
    ${dropdown(
      t("Layer"),
      [["", auto], ...spatial(summary).map((name) => [name, name] as const)],
      intent.camLayer ?? "",
      (name) => change(name || null),
    )}</label
  >`;
}

/** Layers whose maps are merged with those of the chosen one. */
export function mergeChoice(
  { summary, intent }: App,
  merged: readonly string[],
  change: (layers: readonly string[]) => void,
): TemplateResult {
  const own = intent.camLayer ?? summary.camLayer?.name;
  const free = spatial(summary).filter((name) => name !== own && !merged.includes(name));
  return html`<label
      title=${t("The mean of several layers' maps, each divided by its largest value")}
      >${t("Merge with")}
      ${dropdown(
        t("Merge with"),
        [
          ["", merged.length > 0 ? t("one more …") : t("none")],
          ...free.map((name) => [name, name] as const),
        ],
        "",
        (name) => {
          if (name) change([...merged, name]);
        },
      )}</label
    >${merged.map(
      (name) =>
        html`<button
          title=${t("Leave {0} out", name)}
          @click=${() => change(merged.filter((other) => other !== name))}
        >
          ${name}${icon("close")}
        </button>`,
    )}`;
}

/** A class whose map is subtracted from each: what speaks for the one rather than for the other. */
export function minusChoice(
  { prediction, intent }: App,
  value: number | null,
  change: (classIndex: number | null) => void,
): TemplateResult | typeof nothing {
  if (!CAM_METHODS[intent.camMethod].linear) return nothing;
  const classes = prediction?.classes ?? [];
  return html`<label title=${t("What speaks for a class rather than for this one")}
    >${t("Minus")}
    ${dropdown(
      t("Minus"),
      [
        ["", t("none")],
        ...classes.map((score) => [String(score.index), className(score)] as const),
      ],
      value === null ? "" : String(value),
      (text) => change(text === "" ? null : Number(text)),
    )}</label
  >`;
}

const spatial = ({ layers }: App["summary"]): string[] =>
  layers
    .filter((layer) => layer.spatial)
    .map(({ name }) => name)
    .reverse();
