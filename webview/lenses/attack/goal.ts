import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { App } from "../../common/state/index.ts";
import { button, segments } from "../../common/controls/index.ts";
import { base, controls, icon } from "../../common/styles/index.ts";
import { t } from "../../common/text/index.ts";
import { asksNumber, classesIn } from "../target.ts";
import { nameOf } from "./words.ts";
import "../../components/classes/class-search.ts";

/** null: what the network says; any other class. */
export type GoalChange = { readonly trueClass: number | null } | { readonly target: number | null };

/**
 * What is true of the picture, and what an attack is to make of it.
 * @fires goal-change detail: GoalChange
 */
@customElement("convlens-attack-goal")
export class ConvlensAttackGoal extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 6px;
        padding: 6px 12px;
        font-size: 12px;
        border-bottom: 1px solid var(--cl-line);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 9px;
      }
      strong {
        font-weight: 600;
        color: var(--cl-strong);
      }
      convlens-class-search {
        width: 256px;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) trueClass: number | null = null;
  @property({ attribute: false }) target: number | null = null;
  /** The network is wrong about the picture already. */
  @property({ type: Boolean }) mistaken = false;
  @property() about = "";

  private change(detail: GoalChange): void {
    this.dispatchEvent(new CustomEvent("goal-change", { detail }));
  }

  private renderSearch(label: string, change: (index: number) => GoalChange): TemplateResult {
    const { labels, count } = classesIn(this.app);
    return html`<convlens-class-search
      label=${label}
      .count=${count}
      .labels=${labels}
      @class-choose=${(event: CustomEvent<number>) => this.change(change(event.detail))}
    ></convlens-class-search>`;
  }

  private renderBack(text: string, change: GoalChange): TemplateResult {
    return button(text, () => this.change(change), { kind: "link" });
  }

  /** A number has no other class: it is raised or lowered. */
  private renderWay(): TemplateResult {
    const way = {
      value: this.target === 0 ? ("low" as const) : ("high" as const),
      set: (side: "high" | "low") => this.change({ target: side === "low" ? 0 : null }),
    };
    return html`<div class="row">
        <span>${t("Goal:")}</span>
        ${segments(
          t("Goal"),
          [
            ["high", t("Raise the value"), t("As far up as the pixels can bring it")],
            ["low", t("Lower the value"), t("As far down as the pixels can bring it")],
          ],
          way,
        )}
      </div>
      <span class="muted">${this.about}</span>`;
  }

  protected override render(): TemplateResult {
    const { app, trueClass, target } = this;
    if (asksNumber(app)) return this.renderWay();
    const { labels } = classesIn(app);
    const top = app.prediction?.classes[0];
    const truth = trueClass ?? top?.index ?? null;
    return html`<div class="row">
        <span
          >${t("True class:")} <strong>${truth === null ? "…" : nameOf(truth, labels)}</strong>
          <span class="muted">${trueClass === null ? t("(what the network says)") : ""}</span></span
        >
        ${
          trueClass === null
            ? this.renderSearch(t("It is another class"), (index) => ({ trueClass: index }))
            : this.renderBack(t("What the network says"), { trueClass: null })
        }
        <span
          >${t("Goal:")}
          <strong>${target === null ? t("any other class") : nameOf(target, labels)}</strong></span
        >
        ${
          target === null
            ? this.renderSearch(t("Aim at a class"), (index) => ({ target: index }))
            : this.renderBack(t("Any other class"), { target: null })
        }
      </div>
      ${
        this.mistaken && top
          ? html`<div class="row" role="status">
              ${icon("warning")}${t("The network takes this picture for {0}: it is wrong already, and only correctly classified pictures count as attacked.", nameOf(top.index, labels))}
              ${this.renderBack(t("{0} is right", nameOf(top.index, labels)), { trueClass: null })}
            </div>`
          : nothing
      }
      <span class="muted">${this.about}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-attack-goal": ConvlensAttackGoal;
  }
  interface HTMLElementEventMap {
    "goal-change": CustomEvent<GoalChange>;
  }
}
