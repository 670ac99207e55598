import { html, nothing, type TemplateResult } from "lit";
import { button } from "../../common/controls/index.ts";
import { icon } from "../../common/styles/index.ts";
import type { Job } from "../../common/state/index.ts";
import { t } from "../../common/text/index.ts";
import type { MaximizeRun } from "./run.ts";

/** How far a run is, with Pause, Resume and Cancel; nothing once it is at its end. */
export function runBar(
  run: MaximizeRun | null,
  job: Job,
  act: { resume(): void; end(): void },
): TemplateResult | typeof nothing {
  if (!run || (run.done === run.total && !job.busy)) return nothing;
  return html`<div class="run">
    <span role="status"
      >${
        job.busy && run.steps > 0
          ? t("{0} of {1} done, step {2} of {3}", run.done, run.total, run.step, run.steps)
          : t("{0} of {1} done", run.done, run.total)
      }</span
    >
    <progress aria-label=${t("Maximised so far")} max="1" .value=${run.fraction}></progress>
    ${
      job.busy
        ? button(html`${icon("pause")}${t("Pause")}`, () => job.cancel(), {
            title: t("Stops here; what is being made begins anew on Resume"),
          })
        : button(html`${icon("play")}${t("Resume")}`, act.resume, { kind: "primary" })
    }
    ${button(html`${icon("stop")}${t("Cancel")}`, act.end, {
      title: t("Ends the run and keeps the pictures made so far"),
    })}
  </div>`;
}
