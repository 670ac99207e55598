import { html, svg, type TemplateResult } from "lit";

const WIDTH = 240;
const HEIGHT = 56;
/** Lines differ in colour and in dashes, so that they can be told apart without colours. */
const LINES = [
  { stroke: "var(--cl-blue)", dash: "" },
  { stroke: "var(--cl-warning)", dash: "4 3" },
] as const;

/** Lines over equal distances on one scale from `low` to `high`. */
export function chart(
  label: string,
  lines: readonly ArrayLike<number>[],
  [low, high]: readonly [number, number],
): TemplateResult {
  const y = (value: number): number => HEIGHT - ((value - low) / (high - low || 1)) * HEIGHT;
  const points = (values: ArrayLike<number>): string =>
    Array.from(values, (value, i) => {
      const x = (i / Math.max(1, values.length - 1)) * WIDTH;
      return `${x.toFixed(1)},${y(value).toFixed(1)}`;
    }).join(" ");
  const floor = y(Math.max(low, 0)).toFixed(1);
  return html`<svg
    class="chart"
    viewBox=${`-3 -3 ${String(WIDTH + 6)} ${String(HEIGHT + 6)}`}
    role="img"
    aria-label=${label}
  >
    ${svg`<path d=${`M0 ${floor}h${String(WIDTH)}`} stroke="var(--cl-line)" vector-effect="non-scaling-stroke" />`}
    ${lines.map((values, i) => {
      const { stroke, dash } = LINES[i] ?? LINES[0];
      return svg`<polyline points=${points(values)} fill="none" stroke=${stroke} stroke-dasharray=${dash} stroke-width="1.6" vector-effect="non-scaling-stroke" />`;
    })}
  </svg>`;
}
