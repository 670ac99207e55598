import { html, svg, type TemplateResult } from "lit";
import { at } from "../../../src/base/at.ts";
import { num } from "../text/format.ts";
import { t } from "../text/l10n.ts";

const WIDTH = 240;
const HEIGHT = 64;

/** The points of a curve through `values` at equal distances, y upwards, in a box of `width` by `height`. */
export function curvePoints(values: ArrayLike<number>, width: number, height: number): string {
  const list = Array.from(values);
  const low = Math.min(...list);
  const range = Math.max(...list) - low || 1;
  return list
    .map((value, i) => {
      const x = (i / Math.max(1, list.length - 1)) * width;
      return `${x.toFixed(1)},${(height - ((value - low) / range) * height).toFixed(1)}`;
    })
    .join(" ");
}

/** A small line chart with its first and last value. */
export function curve(label: string, values: ArrayLike<number>): TemplateResult {
  const first = at(values, 0);
  const last = at(values, -1);
  const points = curvePoints(values, WIDTH, HEIGHT);
  return html`<svg
      viewBox=${`-2 -3 ${String(WIDTH + 4)} ${String(HEIGHT + 6)}`}
      role="img"
      aria-label=${t("{0}: from {1} to {2}", label, num(first), num(last))}
      style="display:block;width:100%;max-width:320px"
    >
      ${svg`<path d="M0 ${HEIGHT}h${WIDTH}" stroke="var(--cl-line)" vector-effect="non-scaling-stroke" /><polyline points=${points} fill="none" stroke="var(--cl-blue)" stroke-width="1.6" vector-effect="non-scaling-stroke" />`}
    </svg>
    <div class="muted mono" style="display:flex;justify-content:space-between;max-width:320px">
      <span>${num(first)}</span><span>${num(last)}</span>
    </div>`;
}

/** A small histogram; `max` is the right end of the last bin. */
export function histogram(label: string, counts: readonly number[], max: number): TemplateResult {
  const most = Math.max(1, ...counts);
  const width = WIDTH / Math.max(1, counts.length);
  return html`<svg
      viewBox=${`0 -2 ${String(WIDTH)} ${String(HEIGHT + 3)}`}
      role="img"
      aria-label=${`${label}: ${counts.join(", ")}`}
      style="display:block;width:100%;max-width:320px"
    >
      ${counts.map((count, i) => {
        const height = count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT);
        return svg`<rect x=${i * width} y=${HEIGHT - height} width=${width - 1} height=${height} fill="var(--cl-blue)" />`;
      })}
      ${svg`<path d="M0 ${HEIGHT}h${WIDTH}" stroke="var(--cl-muted)" vector-effect="non-scaling-stroke" />`}
    </svg>
    <div class="muted mono" style="display:flex;justify-content:space-between;max-width:320px">
      <span>0</span><span>${num(max, 3)}</span>
    </div>`;
}
