import { html, type TemplateResult } from "lit";
import type { AttackProgress } from "../../../src/shared/contract/experiments.ts";
import { grouped, num, percent, t } from "../../common/text/index.ts";

/** How an attack is going: the best candidate so far, or what will be searched for. */
export function liveFacts(
  live: AttackProgress | null,
  busy: boolean,
  most: number,
  watched: string,
  isNumber: boolean,
): TemplateResult {
  if (!live)
    return busy
      ? html`<span class="muted" role="status">${t("Scoring the first candidates …")}</span>`
      : html`<p class="muted">
          ${t("Searches for the pixels, and their colours, that change what the network says the most. Nothing else of the picture is changed.")}
        </p>`;
  return html`<div>
      <div class="big">${isNumber ? num(live.probability) : percent(live.probability)}</div>
      <span class="muted"
        >${
          busy
            ? t("{0} with the best candidate so far", watched)
            : t("{0} with the best candidate, when it was cancelled", watched)
        }</span
      >
    </div>
    <progress
      aria-label=${t("Evaluations")}
      max="1"
      .value=${Math.min(1, live.evaluations / most)}
    ></progress>
    <span class="mono"
      >${t("{0} evaluations, {1} a second", grouped(live.evaluations), num(live.evaluationsPerSecond, 3))}</span
    >
    <span class="mono muted"
      >${live.pixels.map(
        ({ x, y, rgb }) => html`${t("x {0}, y {1}: RGB {2}", x, y, rgb.join(", "))}<br />`,
      )}</span
    >`;
}
