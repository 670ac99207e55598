import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { ifDefined } from "lit/directives/if-defined.js";
import { colourText } from "../../../src/shared/class-colours.ts";
import type { Answer, Named } from "../../../src/shared/contract/outputs.ts";
import { whereOf, whereText } from "../../../src/shared/where.ts";
import type { PlaceOn } from "../../common/drawing/index.ts";
import { type App, send } from "../../common/state/index.ts";
import { base, controls } from "../../common/styles/index.ts";
import { num, percent, t } from "../../common/text/index.ts";
import type { ConvlensPicture, PicturePoint } from "../picture/picture.ts";
import "../picture/picture.ts";
import {
  boxesOf,
  classesKept,
  isPointed,
  latticeOf,
  placeOn,
  pointed,
  surrounded,
} from "./place.ts";
import { type Thing, thingsOf } from "./things.ts";

/** A line shorter than this share of the picture is a click. */
const LINE = 0.03;
const MOST_ROWS = 40;

/** What the network says of the picture, drawn on it, and a list of it: each box, position and area is chosen by a click or the keyboard. */
@customElement("convlens-answer")
export class ConvlensAnswer extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
      }
      .view {
        max-width: 360px;
        margin-top: 8px;
        touch-action: none;
      }
      .view:focus-visible {
        outline: 2px solid var(--cl-focus);
        outline-offset: 2px;
      }
      p {
        margin: 6px 0;
        font-size: 11px;
      }
      ul {
        max-height: 240px;
        padding: 0;
        margin: 6px 0;
        overflow: auto;
        list-style: none;
      }
      .row {
        display: grid;
        grid-template-columns: 12px minmax(0, 1fr) auto;
        gap: 7px;
        width: 100%;
        padding: 3px 8px;
        margin: 2px 0;
        justify-items: start;
        background: var(--cl-hover);
        text-align: left;
      }
      .row span {
        overflow: hidden;
        max-width: 100%;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .row[aria-pressed="true"] {
        outline: 2px solid var(--cl-focus);
        outline-offset: -2px;
      }
      .colour {
        width: 12px;
        height: 12px;
        border: 1px solid var(--cl-fg);
        border-radius: 2px;
        align-self: center;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  /** The target that is explained, which the lens may have chosen by itself. */
  @property() target: string | null = null;
  /** Classes that are explained there, which the lens may have chosen by itself. */
  @property({ attribute: false }) shown: readonly number[] = [];
  /** Where the keyboard is: a target that Enter chooses. */
  @state() private cursor: string | null = null;
  @state() private line: readonly PicturePoint[] = [];
  @query("convlens-picture") private readonly picture!: ConvlensPicture | null;
  private surrounds = false;

  protected override render(): TemplateResult | typeof nothing {
    const { app } = this;
    const answer = app.prediction?.answer;
    if (!answer || answer.kind === "classes") return nothing;
    const things = thingsOf(answer);
    const times = new Map<string | null, number>();
    for (const { target } of things) times.set(target, (times.get(target) ?? 0) + 1);
    return html`${this.renderPicture(answer)}
      <ul aria-label=${t("What the network found")}>
        ${things
          .slice(0, MOST_ROWS)
          .map(
            (thing) =>
              html`<li>${this.renderThing(thing, (times.get(thing.target) ?? 0) > 1)}</li>`,
          )}
      </ul>
      ${things.length > MOST_ROWS ? html`<p class="muted">${t("the first {0} of {1}", MOST_ROWS, things.length)}</p>` : nothing}
      ${answer.kind === "detection" ? html`<p class="muted">${thresholds(answer)}</p>` : nothing}`;
  }

  private renderPicture(answer: Answer): TemplateResult | typeof nothing {
    const { app, cursor, target } = this;
    if (!app.picture) return nothing;
    const lattice = latticeOf(app);
    const steps = isPointed(app);
    const hint = lattice
      ? lattice.surrounded
        ? t("Click a position, or draw a line around some. With the keyboard: arrows and Enter.")
        : t("Click a token. With the keyboard: arrows and Enter.")
      : t("Click a box. With the keyboard: arrows and Enter.");
    const line: PlaceOn = {
      ...{ kind: "outline", closed: false, corners: this.line.map(({ u, v }) => [u, v] as const) },
    };
    return html`<div
        class="view"
        role=${steps ? "application" : "group"}
        tabindex=${ifDefined(steps ? 0 : undefined)}
        aria-label=${steps ? `${t("What the network found")}. ${hint}` : t("What the network found")}
        @keydown=${this.onKey}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
      >
        <convlens-picture
          .picture=${app.picture}
          .answer=${answer}
          .place=${this.line.length > 1 ? line : placeOn(app, cursor ?? target)}
          ?clickable=${steps}
          .label=${t("What the network found")}
          @picture-click=${(event: CustomEvent<PicturePoint>) => {
            if (!this.surrounds) this.choose(pointed(app, event.detail));
          }}
        ></convlens-picture>
      </div>
      ${steps ? html`<p class="muted">${hint}</p>` : nothing}
      <p role="status" aria-live="polite">
        ${cursor === null ? nothing : this.said(answer, cursor)}
      </p>`;
  }

  private renderThing(
    { text, value, target, classes, colour }: Thing,
    shares: boolean,
  ): TemplateResult {
    const swatch =
      colour === null
        ? html`<i></i>`
        : html`<i class="colour" style=${`background:${colourText(colour)}`}></i>`;
    const told = html`${swatch}<span title=${text}>${text}</span
      ><span class="mono">${value ?? ""}</span>`;
    if (target === null) return html`<div class="row">${told}</div>`;
    // several things at one place (areas where a class is predicted, points in one cell) are told apart by their classes
    const isOne = shares ? classes.some((own) => this.shown.includes(own)) : true;
    const chosen = target === this.target && isOne;
    return html`<button
      class="row"
      aria-pressed=${chosen ? "true" : "false"}
      @click=${() => this.choose(target, classes)}
    >
      ${told}
    </button>`;
  }

  private choose(target: string | null, classes = classesKept(this.app)): void {
    if (target !== null) send(this, "convlens-intent", { target, classes });
    this.cursor = null;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { app, cursor } = this;
    if (event.key === "Enter" && cursor !== null) this.choose(cursor);
    else if (event.key === "Escape" && cursor !== null) this.cursor = null;
    else {
      const moved = next(app, cursor ?? this.target, event);
      if (moved === null) return;
      this.cursor = moved;
    }
    event.preventDefault();
  };

  private readonly onDown = (event: PointerEvent): void => {
    this.surrounds = false;
    if (event.button !== 0 || !this.picture || !latticeOf(this.app)?.surrounded) return;
    if (event.currentTarget instanceof HTMLElement)
      event.currentTarget.setPointerCapture(event.pointerId);
    this.line = [this.picture.point(event)];
  };
  private readonly onMove = (event: PointerEvent): void => {
    if (this.line.length > 0 && this.picture) this.line = [...this.line, this.picture.point(event)];
  };
  private readonly onUp = (): void => {
    const { line } = this;
    this.line = [];
    const [first] = line;
    const far = ({ u, v }: PicturePoint): boolean =>
      first !== undefined && Math.hypot(u - first.u, v - first.v) > LINE;
    if (!line.some(far)) return;
    this.surrounds = true; // the click that follows is none
    this.choose(surrounded(this.app, line));
  };

  /** What Enter would choose. */
  private said(answer: Answer, target: string): string {
    const where = whereOf(target);
    if (where?.kind === "box")
      return thingsOf(answer).find((thing) => thing.target === target)?.text ?? target;
    const cell = latticeOf(this.app)?.cell(where);
    if (!cell) return target;
    const place = t("row {0}, column {1}", ...cell);
    if (where?.kind === "token") return `${t("token {0}", where.token)}: ${place}`;
    const own = classAt(answer, ...cell);
    return own ? `${place}: ${own.label ?? t("class {0}", own.index)}` : place;
  }
}

const STEPS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ...{ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] },
};
/** With Shift: this share of the rows or columns. */
const STRIDE = 1 / 8;

/** The position or the box that an arrow leads to. */
function next(app: App, from: string | null, { key, shiftKey }: KeyboardEvent): string | null {
  const step = STEPS[key];
  if (!step) return null;
  const where = from === null ? null : whereOf(from);
  const lattice = latticeOf(app);
  if (lattice) {
    const { grid } = lattice;
    const here = lattice.cell(where) ?? grid.map((n) => n >> 1);
    const [row = 0, column = 0] = grid.map((size, side) => {
      const far = shiftKey ? Math.max(1, Math.round(size * STRIDE)) : 1;
      const moved = (here[side] ?? 0) + far * (side === 0 ? step[0] : step[1]);
      return Math.min(size - 1, Math.max(0, moved));
    });
    return lattice.target(row, column);
  }
  const boxes = boxesOf(app);
  const at = boxes.findIndex(({ box }) => where?.kind === "box" && box === where.box);
  const onward = at < 0 ? 0 : (at + step[0] + step[1] + boxes.length) % boxes.length;
  const box = boxes[onward]?.box;
  return box === undefined ? null : whereText({ kind: "box", box });
}

function classAt(answer: Answer, row: number, column: number): Named | null {
  if (answer.kind !== "segmentation") return null;
  return answer.areas[answer.map[row * answer.grid[1] + column] ?? 0] ?? null;
}

function thresholds({
  thresholds: least,
  suppression,
  boxes,
}: Extract<Answer, { kind: "detection" }>): string {
  const score = percent(least.score);
  const said = {
    overlap: () =>
      t(
        "Boxes of at least {0}; of those that share more than {1} of their union the surest.",
        ...[score, num(least.iou)],
      ),
    peaks: () => t("Boxes of at least {0} that are higher than the cells around.", score),
    none: () => t("Boxes of at least {0}; each object is found once.", score),
  }[suppression]();
  return boxes.length > 0
    ? said
    : `${t("No box reaches the threshold: this is the surest.")} ${said}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-answer": ConvlensAnswer;
  }
}
