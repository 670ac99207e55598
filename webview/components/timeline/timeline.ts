import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Series } from "../../../src/shared/contract/training.ts";
import { type App, send } from "../../common/state/index.ts";
import { base, controls, icon } from "../../common/styles/index.ts";
import { t } from "../../common/text/index.ts";

const SETTLE_MS = 120;

/** The checkpoints of a training on one line: any of them is looked at through every lens. */
@customElement("convlens-timeline")
export class ConvlensTimeline extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 3px 12px;
        font-size: 12px;
        border-top: 1px solid var(--cl-line);
      }
      input {
        flex: 1;
        min-width: 60px;
        accent-color: var(--cl-accent);
      }
      output {
        min-width: 9em;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      label {
        display: inline-flex;
        gap: 4px;
        align-items: center;
        white-space: nowrap;
      }
      label input {
        flex: none;
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) series: Series = [];
  /** Where the slider stands while it is moved. */
  @state() private at: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private get current(): number {
    const path = this.app.intent.checkpoint ?? this.app.intent.model;
    const found = this.series.findIndex((checkpoint) => checkpoint.path === path);
    return found < 0 ? this.series.length - 1 : found;
  }

  private move(at: number): void {
    this.at = Math.max(0, Math.min(this.series.length - 1, at));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const checkpoint = this.series[this.at ?? 0]?.path ?? null;
      this.at = null;
      const own = checkpoint === this.app.intent.model;
      // one who goes back does not want to be led forward again
      const follow = this.app.intent.follow && checkpoint === this.series.at(-1)?.path;
      send(this, "convlens-intent", { checkpoint: own ? null : checkpoint, follow });
    }, SETTLE_MS);
  }

  /** This one against the one before, or the first against the one after. */
  private compare(at: number): void {
    const [a, b] = at > 0 ? [at - 1, at] : [0, 1];
    const [own, other] = [this.series[a]?.path ?? null, this.series[b]?.path ?? null];
    const checkpoint = own === this.app.intent.model ? null : own;
    send(this, "convlens-intent", {
      ...{ lens: "compare", checkpoint, follow: false },
      ...{ other, otherImage: null },
    });
  }

  protected override render(): TemplateResult {
    const at = this.at ?? this.current;
    const here = this.series[at];
    const name = here ? t("step {0} · {1}", here.step, here.name) : "";
    const step = (by: number, label: string): TemplateResult =>
      html`<button
        class="ghost"
        aria-label=${label}
        title=${label}
        ?disabled=${at + by < 0 || at + by >= this.series.length}
        @click=${() => this.move(at + by)}
      >
        <span style=${by < 0 ? "display:inline-flex;transform:scaleX(-1)" : "display:inline-flex"}
          >${icon("right")}</span
        >
      </button>`;
    return html`<span class="muted">${t("Training")}</span>
      ${step(-1, t("Earlier checkpoint"))}
      <input
        type="range"
        aria-label=${t("Checkpoint")}
        aria-valuetext=${name}
        min="0"
        max=${this.series.length - 1}
        .value=${String(at)}
        @input=${(event: Event) => this.move(Number((event.target as HTMLInputElement).value))}
      />
      ${step(1, t("Later checkpoint"))}
      <output title=${here?.path ?? ""}>${name}</output>
      <button
        class="ghost"
        title=${t("Compare this checkpoint (B) with the one before it (A)")}
        @click=${() => this.compare(at)}
      >
        ${t("Compare")}
      </button>
      <label title=${t("Look at each new checkpoint as soon as it is written")}>
        <input
          type="checkbox"
          .checked=${this.app.intent.follow}
          @change=${(event: Event) => {
            const follow = (event.target as HTMLInputElement).checked;
            const newest = this.series.at(-1)?.path ?? null;
            send(this, "convlens-intent", {
              follow,
              ...(follow && { checkpoint: newest === this.app.intent.model ? null : newest }),
            });
          }}
        />
        ${t("Follow")}
      </label>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-timeline": ConvlensTimeline;
  }
}
