import { html, nothing, type TemplateResult } from "lit";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import type { AttackProgress } from "../../../src/shared/contract/experiments.ts";
import { classPairs, sideMark } from "../../components/sides/sides.ts";
import { grouped, num, percent, t } from "../../common/text/index.ts";

/** What is told while an attack runs: what the big number is of, and what the network said of the picture before. */
interface Watched {
  readonly watched: string;
  readonly isNumber: boolean;
  readonly before: readonly ClassScore[];
}

/** How an attack is going: the best candidate so far, or what will be searched for. */
export function liveFacts(
  live: AttackProgress | null,
  busy: boolean,
  most: number,
  { watched, isNumber, before }: Watched,
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
    ${
      live.leaders.length > 0
        ? classPairs(
            live.leaders.map((now) => [
              before.find(({ index }) => index === now.index) ?? null,
              now,
            ]),
            [sideMark(0, t("before")), sideMark(1, t("now")), sideMark(2, t("change"))],
          )
        : nothing
    }
    <span class="mono"
      >${t("{0} evaluations, {1} a second", grouped(live.evaluations), num(live.evaluationsPerSecond, 3))}</span
    >
    <span class="mono muted"
      >${live.pixels.map(
        ({ x, y, rgb }) => html`${t("x {0}, y {1}: RGB {2}", x, y, rgb.join(", "))}<br />`,
      )}</span
    >`;
}
