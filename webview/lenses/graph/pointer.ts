import { html, type TemplateResult } from "lit";
import { at } from "../../../src/base/at.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { compact, t } from "../../common/text/index.ts";
import { outputText } from "./beside.ts";
import type { FactsOf } from "./facts.ts";
import type { Box } from "./layout/types.ts";

/** A line below the graph about what the pointer is on. */
export function pointerLine(
  box: Box | null,
  layers: readonly LayerSummary[],
  facts: FactsOf | null,
): TemplateResult {
  if (!box || !facts)
    return html`<div class="pointer muted">${t("Point at a node to see its numbers.")}</div>`;
  const { item } = box;
  const { title, below, params, macs } = facts.of(item);
  const output = typeof item === "number" ? outputText(at(layers, item)) : null;
  return html`<div class="pointer">
    <strong>${title}</strong><span class="fact muted">${below}</span>
    ${output === null ? "" : html`<span>${output}</span>`}
    ${params > 0 ? html`<span>${t("{0} parameters", compact(params))}</span>` : ""}
    ${macs > 0 ? html`<span>${t("{0} multiply-adds", compact(macs))}</span>` : ""}
  </div>`;
}
