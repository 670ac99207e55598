import { messageOf } from "../../../src/base/errors.ts";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { MaximizeOptions, MaximizeTarget } from "../../../src/shared/contract/experiments.ts";
import { decodeNpy } from "../../../src/shared/npy.ts";
import { button, fileButton, numberField } from "../../common/controls/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { heard, t } from "../../common/text/index.ts";

/** What is chosen beyond recipe and target. */
export interface Advanced {
  readonly options: MaximizeOptions;
  /** One cell of a filter's map, [row, column]; null: the mean of the map. */
  readonly cell: readonly [number, number] | null;
}

type Weight = "diversity" | "totalVariation" | "l1" | "l2" | "cosinePower";

/**
 * Folded away: one cell, copies that differ, penalties, and sums of objectives.
 * @fires advanced-change detail: Advanced
 * @fires maximize-start detail: the targets
 */
@customElement("convlens-maximize-advanced")
export class ConvlensMaximizeAdvanced extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        margin-top: 5px;
      }
      summary {
        cursor: pointer;
        color: var(--cl-fg);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        margin-top: 6px;
        color: var(--cl-fg);
      }
      input[type="text"] {
        flex: 1 1 220px;
        max-width: 460px;
      }
      .wrong {
        color: var(--cl-error);
      }
    `,
  ];

  @property({ attribute: false }) value: Advanced = { options: {}, cell: null };
  /** A name to write examples with. */
  @property() layer = "";
  @property({ type: Boolean }) busy = false;
  @state() private expression = "";
  @state() private file: string | null = null;
  @state() private wrong: string | null = null;

  private change(patch: Partial<Advanced>): void {
    this.dispatchEvent(new CustomEvent("advanced-change", { detail: { ...this.value, ...patch } }));
  }
  private set(patch: MaximizeOptions): void {
    const options = { ...this.value.options, ...patch };
    this.change({ options });
  }

  private weight(label: string, name: Weight, title: string): TemplateResult {
    const value = this.value.options[name] ?? 0;
    return html`<label title=${title}
      >${label}
      <input
        type="number"
        class="few"
        aria-label=${label}
        min="0"
        step="0.1"
        placeholder="0"
        .value=${value === 0 ? "" : String(value)}
        @change=${(event: Event) => {
          if (!(event.target instanceof HTMLInputElement)) return;
          const typed = event.target.valueAsNumber;
          this.set({ [name]: Number.isFinite(typed) && typed > 0 ? typed : 0 });
        }}
    /></label>`;
  }

  private place(label: string, axis: 0 | 1): TemplateResult {
    const { cell } = this.value;
    const [row, column] = cell ?? [0, 0];
    const set = (typed: number | null): void => {
      if (typed === null) this.change({ cell: null });
      else this.change({ cell: axis === 0 ? [typed, column] : [row, typed] });
    };
    return numberField(label, { value: cell && cell[axis], set }, "all");
  }

  private async take(file: File): Promise<void> {
    try {
      const { data } = decodeNpy(new Uint8Array(await file.arrayBuffer()), file.name);
      this.file = file.name;
      this.wrong = null;
      this.set({ direction: [...data] });
    } catch (error) {
      this.wrong = heard(messageOf(error));
    }
  }

  protected override render(): TemplateResult {
    const { options } = this.value;
    const copies = options.copies ?? 1;
    const setCopies = (typed: number | null): void => {
      const next = Math.min(16, Math.max(1, typed ?? 1));
      this.set({ copies: next, diversity: next > 1 ? options.diversity || 1 : 0 });
    };
    return html`<details>
      <summary>${t("More: one cell, copies that differ, penalties, sums of objectives")}</summary>
      <div class="row">
        ${this.place(t("Row"), 0)} ${this.place(t("Column"), 1)}
        <span class="muted">${t("one cell of the filter's map; empty: the mean of the map")}</span>
      </div>
      <div class="row">
        ${numberField(t("Copies"), { value: copies === 1 ? null : copies, set: setCopies }, "1")}
        ${this.weight(t("Diversity"), "diversity", t("Weight of what the copies have in common: the mean cosine of their Gram matrices"))}
        ${this.weight(t("Total variation"), "totalVariation", t("Weight of the mean difference of neighbouring pixels (0..1)"))}
        ${this.weight("L1", "l1", t("Weight of the mean distance of pixels (0..1) from gray"))}
        ${this.weight("L2", "l2", t("Weight of the root mean square of that distance"))}
      </div>
      ${this.renderExpression()}
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}
    </details>`;
  }

  private renderExpression(): TemplateResult {
    const layer = this.layer || "conv1";
    return html`<div class="row">
        <input
          type="text"
          aria-label=${t("Objective")}
          placeholder=${`${layer}:4 + 0.5*${layer}:7@3,5 - class:0`}
          .value=${this.expression}
          @input=${(event: InputEvent) => {
            if (event.target instanceof HTMLInputElement) this.expression = event.target.value;
          }}
        />
        ${button(
          t("Maximise the objective"),
          () => {
            const detail: MaximizeTarget[] = [{ expression: this.expression.trim() }];
            this.dispatchEvent(new CustomEvent("maximize-start", { detail }));
          },
          { disabled: this.busy || this.expression.trim() === "" },
        )}
      </div>
      <div class="row">
        ${fileButton(t("Direction from .npy…"), ".npy", (file) => this.take(file), {
          title: t("A vector with one number per channel, which LAYER:direction means"),
        })}
        ${this.weight(t("Cosine power"), "cosinePower", t("The dot product with the direction times the cosine to this power"))}
        <span class="muted"
          >${
            this.file
              ? t("{0}: write {1}:direction", this.file, layer)
              : t(
                  "terms: layer:filter, @row,column for one cell, layer:direction, class:number or label",
                )
          }</span
        >
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-maximize-advanced": ConvlensMaximizeAdvanced;
  }
  interface HTMLElementEventMap {
    "advanced-change": CustomEvent<Advanced>;
  }
}
