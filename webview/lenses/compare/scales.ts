/** The two scale bars of a comparison: that of A and B, and that of their difference. */
import { t } from "../../common/text/l10n.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { DifferenceScale } from "../../../src/shared/contract/compare.ts";
import type { ColormapName } from "../../common/drawing/colormaps.ts";
import { legend, segments } from "../../common/styles/controls.ts";
import { num, percent } from "../../common/text/format.ts";

interface Scales {
  readonly colours: ColormapName;
  readonly low: number;
  readonly high: number;
  /** The end of the difference's scale and the largest difference there is; null: there is no difference. */
  readonly difference: { readonly magnitude: number; readonly largest: number } | null;
}

export function scaleBars({ colours, low, high, difference }: Scales): TemplateResult {
  const end = num(difference?.magnitude ?? 0, 3);
  return html`<div class="scales">
    <span
      ><span class="side">A</span
      ><span class="side b">B</span>${legend(colours, num(low, 3), num(high, 3))}</span
    >
    ${
      difference
        ? html`<span
              ><span class="side d">B − A</span>${legend("diverging", `−${end}`, `+${end}`)}</span
            >
            <span class="muted">${largestText(difference.largest, high - low)}</span>`
        : nothing
    }
  </div>`;
}

function largestText(largest: number, span: number): string {
  if (largest === 0) return t("They are equal.");
  if (!(span > 0)) return t("largest difference {0}", num(largest, 3));
  const share = percent(largest / span);
  return t("largest difference {0}, {1} of the scale of A and B", num(largest, 3), share);
}

export const differenceChoice = (
  value: DifferenceScale,
  change: (value: DifferenceScale) => void,
): TemplateResult =>
  html`<label
    >${t("Difference")}
    ${segments<DifferenceScale>(
      t("Scale of the difference"),
      [
        ["same", t("Same scale"), t("On the scale of A and B")],
        ["own", t("Own scale"), t("Stretched to the largest difference")],
      ],
      value,
      change,
    )}</label
  >`;
