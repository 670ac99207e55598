import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../../common/icons.ts";
import type { Job } from "../../common/job.ts";
import type { MaximizeRun } from "./run.ts";

/** How far a run is, with Pause, Resume and Cancel; nothing once it is at its end. */
export function runBar(
  run: MaximizeRun | null,
  job: Job,
  act: { resume(): void; end(): void },
): TemplateResult | typeof nothing {
  if (!run || (run.done === run.total && !job.busy)) return nothing;
  const step =
    job.busy && run.steps > 0 ? `, step ${String(run.step)} of ${String(run.steps)}` : "";
  return html`<div class="run">
    <span role="status">${run.done} of ${run.total} done${step}</span>
    <progress aria-label="Maximised so far" max="1" .value=${run.fraction}></progress>
    ${
      job.busy
        ? html`<button
            title="Stops here; what is being made begins anew on Resume"
            @click=${() => {
              job.cancel();
            }}
          >
            ${icon("pause")}Pause
          </button>`
        : html`<button
            class="primary"
            @click=${() => {
              act.resume();
            }}
          >
            ${icon("play")}Resume
          </button>`
    }
    <button
      title="Ends the run and keeps the pictures made so far"
      @click=${() => {
        act.end();
      }}
    >
      ${icon("stop")}Cancel
    </button>
  </div>`;
}
