import { css, html, LitElement, unsafeCSS, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import "./browser-language.ts"; // before uPlot
import UPlot from "uplot";
import plotStyles from "uplot/dist/uPlot.min.css";
import { num, t } from "../../common/text/index.ts";
import { base } from "../../common/styles/index.ts";
import type { Curve } from "./facts.ts";

const COLOURS = ["blue", "orange", "green", "red", "purple", "yellow"];
const HEIGHT = 190;

/** Curves over the steps of a training, drawn by uPlot; a click goes to the step. */
@customElement("convlens-chart")
export class ConvlensChart extends LitElement {
  static override styles = [
    base,
    unsafeCSS(plotStyles),
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .u-legend {
        font-size: 11px;
        text-align: left;
      }
      .u-over {
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) steps: readonly number[] = [];
  @property({ attribute: false }) curves: readonly Curve[] = [];
  @property() label = "";
  /** What the values are, on their axis. */
  @property() unit = "";
  /** The step that is looked at. */
  @property({ type: Number }) current = 0;
  /** The step of the file that was opened. */
  @property({ type: Number }) opened: number | null = null;
  @query(".plot") private readonly place!: HTMLElement;
  private plot: UPlot | null = null;
  private readonly resizing = new ResizeObserver(() =>
    this.plot?.setSize({ width: this.width, height: HEIGHT }),
  );

  private get width(): number {
    return Math.max(160, this.clientWidth);
  }

  protected override render(): TemplateResult {
    const last = (curve: Curve): string =>
      num([...curve.values].reverse().find((v) => v !== null) ?? 0);
    const text = this.curves.map((curve) => `${curve.label} ${last(curve)}`).join(", ");
    return html`<div
      class="plot"
      role="img"
      aria-label=${t("{0}; at the end: {1}", this.label, text)}
    ></div>`;
  }

  protected override firstUpdated(): void {
    this.resizing.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (
      !changed.has("curves") &&
      !changed.has("steps") &&
      !changed.has("current") &&
      !changed.has("opened")
    )
      return;
    this.plot?.destroy();
    const colour = (name: string): string =>
      getComputedStyle(this).getPropertyValue(`--cl-${name}`).trim();
    const axis = {
      stroke: colour("muted"),
      grid: { stroke: colour("line"), width: 0.5 },
      ticks: { show: false },
    };
    const options: UPlot.Options = {
      width: this.width,
      height: HEIGHT,
      scales: { x: { time: false } },
      axes: [
        { ...axis, label: t("step"), labelSize: 16, size: 30 },
        { ...axis, label: this.unit, labelSize: 18, size: 52 },
      ],
      series: [
        { label: t("step") },
        ...this.curves.map(({ label }, i) => ({
          label,
          stroke: colour(COLOURS[i % COLOURS.length] ?? "blue"),
          width: 1.5,
          spanGaps: true,
          points: { show: this.steps.length < 40, size: 4 },
          value: (_plot: UPlot, value: number | null) => (value === null ? "" : num(value)),
        })),
      ],
      hooks: {
        draw: [
          (plot) => {
            if (this.opened !== null) markStep(plot, this.opened, colour("muted"), t("opened"));
            markStep(plot, this.current, colour("accent"));
          },
        ],
      },
    };
    const data = [
      this.steps,
      ...this.curves.map(({ values }) => values),
    ] as unknown as UPlot.AlignedData;
    this.plot = new UPlot(options, data, this.place);
    this.plot.over.addEventListener("click", () => {
      const at = this.plot?.cursor.idx;
      if (typeof at === "number")
        this.dispatchEvent(new CustomEvent<number>("step", { detail: at }));
    });
  }
}

/** A dashed line at a step, and a word beside its upper end, where there is room for it. */
function markStep(plot: UPlot, step: number, colour: string, word = ""): void {
  const x = plot.valToPos(step, "x", true);
  const { top, height } = plot.bbox;
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + height);
  ctx.stroke();
  ctx.font = `${11 * devicePixelRatio}px sans-serif`;
  ctx.textBaseline = "top";
  const gap = 4 * devicePixelRatio;
  const fits = x + gap + ctx.measureText(word).width < plot.bbox.left + plot.bbox.width;
  ctx.textAlign = fits ? "left" : "right";
  ctx.fillText(word, fits ? x + gap : x - gap, top + 2);
  ctx.restore();
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-chart": ConvlensChart;
  }
}
