import { html, nothing, type TemplateResult } from "lit";
import { at } from "../../../src/base/at.ts";
import type { CodeLine } from "../../../src/shared/contract/code.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { baseName, compact, t } from "../../common/text/index.ts";
import { outputText } from "./beside.ts";
import { type Dead, deadText } from "./dead.ts";
import type { FactsOf } from "./facts.ts";
import type { Box } from "./layout/types.ts";

/** A line below the graph about what the pointer is on, and the line of code that made it. */
export function pointerLine(
  box: Box | null,
  layers: readonly LayerSummary[],
  facts: FactsOf | null,
  dead: Dead | null,
  code: readonly CodeLine[] | null,
): TemplateResult {
  if (!box || !facts)
    return html`<div class="pointer muted">${t("Point at a node to see its numbers.")}</div>`;
  const { item } = box;
  const { title, below, params, macs } = facts.of(item);
  const layer = typeof item === "number" ? at(layers, item) : null;
  return html`<div class="pointer">
    <strong>${title}</strong>${layer ? lineOf(layer, code) : nothing}<span class="fact muted"
      >${below}</span
    >
    ${layer ? html`<span>${outputText(layer)}</span>` : nothing}
    ${params > 0 ? html`<span>${t("{0} parameters", compact(params))}</span>` : nothing}
    ${macs > 0 ? html`<span>${t("{0} multiply-adds", compact(macs))}</span>` : nothing}
    ${dead ? html`<span>${t("Dead: {0}", deadText(dead))}</span>` : nothing}
  </div>`;
}

function lineOf(
  { name, source }: LayerSummary,
  code: readonly CodeLine[] | null,
): TemplateResult | typeof nothing {
  const line = code?.find(({ layer }) => layer === name);
  if (line)
    return html`<span class="fact line mono">${line.file}:${line.line} <b>${line.text}</b></span>`;
  return source === null
    ? nothing
    : html`<span class="fact line mono">${baseName(source.file)}:${source.line}</span>`;
}
