/** What stands beside the graph: what is known of the node that is chosen, or what the drawing means. */
import { html, nothing, type TemplateResult } from "lit";
import type { Intent } from "../../../src/shared/contract/intent.ts";
import type { LayerOp, LayerSummary, ModelSummary } from "../../../src/shared/contract/model.ts";
import { button } from "../../common/controls/index.ts";
import { icon, opIcon } from "../../common/styles/index.ts";
import { compact, heard, layerShape, num, structureText, t } from "../../common/text/index.ts";
import { type Dead, deadText } from "./dead.ts";
import type { Facts } from "./facts.ts";

const fact = (name: string, value: unknown): TemplateResult =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`;
const counted = (value: number): string => (value > 0 ? compact(value) : "–");

/** What is known of a node beside what the file says: of a picture, of a folder of them. */
export interface Seen {
  readonly dead: Dead | null;
  /** What flows out of it to the class, in logits. */
  readonly flow: number | null;
}

const numbers = (facts: Facts, { dead, flow }: Seen): TemplateResult =>
  html`${fact(t("Parameters"), counted(facts.params))}
  ${fact(t("Multiply-adds"), counted(facts.macs))}
  ${dead === null ? nothing : fact(t("Dead"), deadText(dead))}
  ${flow === null ? nothing : fact(t("Contributes"), t("logit {0}", num(flow, 3)))}`;

/** A layer, its numbers, and the lenses that look into it. */
export function layerBeside(
  layer: LayerSummary,
  facts: Facts,
  seen: Seen,
  go: (patch: Partial<Intent>) => void,
  code: unknown,
): TemplateResult {
  const { name, className, op, receptiveField, opaque, blockedBy, note } = layer;
  const field = receptiveField ? [...new Set(receptiveField.size)].join(" × ") : "–";
  const offer = (text: string, patch: Partial<Intent>): TemplateResult =>
    button(text, () => go({ ...patch, layer: name }));
  return html`<div class="title">${opIcon(op)} ${className}</div>
    <p class="small mono name">${name}</p>
    ${opaque === null ? nothing : html`<p class="small">${icon("warning")} ${heard(opaque)}</p>`}
    ${
      blockedBy.length > 0 && opaque === null
        ? html`<p class="small">
            ${t("Cannot be computed: it depends on {0}.", blockedBy.join(", "))}
          </p>`
        : nothing
    }
    <dl>
      ${fact(t("Output"), outputText(layer))} ${numbers(facts, seen)}
      ${fact(t("Receptive field"), field)}
    </dl>
    ${note === null ? nothing : html`<p class="small muted">${heard(note)}</p>`}
    <div class="row">
      ${layer.hasKernel ? offer(t("Filters"), { lens: "filters" }) : nothing}
      ${
        layer.spatial
          ? html`${offer(t("Activations"), { lens: "activations" })}
            ${offer(t("Grad-CAM here"), { lens: "cam", camLayer: name })}`
          : nothing
      }
      ${code}
    </div>`;
}

/** What a layer gives, or that it is not known. */
export const outputText = (layer: LayerSummary): string =>
  layer.outputShape === null && (layer.opaque !== null || layer.blockedBy.length > 0)
    ? t("unknown")
    : layerShape(layer);

/** A block, the sums of what is in it, and the way into it. */
export const blockBeside = (
  facts: Facts,
  seen: Seen,
  open: boolean,
  toggle: () => void,
): TemplateResult =>
  html`<div class="title">${facts.title}</div>
    <p class="small muted">${facts.below}</p>
    <dl>
      ${numbers(facts, seen)} ${facts.opaque > 0 ? fact(t("Not executed"), facts.opaque) : nothing}
    </dl>
    <div class="row">${button(open ? t("Fold") : t("Unfold"), toggle)}</div>`;

const KINDS: readonly (readonly [LayerOp, () => string])[] = [
  ["conv", () => t("Convolution")],
  ["depthwise-conv", () => t("Depthwise convolution")],
  ["dense", () => t("Fully connected")],
  ["norm", () => t("Normalization")],
  ["activation", () => t("Activation function")],
  ["pool", () => t("Pooling")],
  ["merge", () => t("Sum, concatenation")],
  ["reshape", () => t("Shape only")],
  ["opaque", () => t("Not executed")],
];

/** A colour, and what it means. */
export const swatch = (colour: string, text: string): TemplateResult =>
  html`<li><i style=${`background:var(--cl-${colour});height:3px`}></i>${text}</li>`;

/** What is to be known of the network before it is looked at. */
function notes({ structure, warnings, notRunnable }: ModelSummary): TemplateResult {
  const wrong = [...warnings, ...(notRunnable === null ? [] : [notRunnable])];
  return html`${structure ? html`<p class="small told">${icon("info")}<span>${structureText(structure)}</span></p>` : nothing}
  ${wrong.map((text) => html`<p class="small told">${icon("warning")}<span>${heard(text)}</span></p>`)}`;
}

/** What colours, bars and lines mean, of the kinds of layers that there are. */
export function legendBeside(
  summary: ModelSummary,
  { hasPicture, hasDead }: { hasPicture: boolean; hasDead: boolean },
  pick: () => void,
): TemplateResult {
  const there = new Set(summary.layers.map(({ op }) => op));
  const kinds = KINDS.filter(([op]) => there.has(op));
  return html`${notes(summary)}
    <h2>${t("What is drawn")}</h2>
    <ul class="legend">
      ${kinds.map(([op, name]) => html`<li>${opIcon(op)}${name()}</li>`)}
    </ul>
    <ul class="legend">
      ${swatch("blue", t("Multiply-adds, beside the most"))}
      ${swatch("orange", t("Parameters, beside the most"))} ${swatch("purple", t("Skips layers"))}
      ${hasDead ? swatch("red", t("Dead filters, of all")) : nothing}
    </ul>
    ${
      hasPicture
        ? nothing
        : html`<p class="small">
            ${button(html`${icon("add")}${t("Pick pictures")}`, pick, {
              title: t("Each node then shows what its layer makes of the picture"),
            })}
          </p>`
    }
    <p class="small muted">
      ${t("Click a block to unfold it, a layer to choose it; a double click opens its lens. The wheel zooms, dragging moves; arrow keys go along the lines.")}
    </p>`;
}
