/** The two scale bars of a comparison: that of A and B, and that of their difference. */
import { num, percent, t } from "../../common/text/index.ts";
import { html, nothing, type TemplateResult } from "lit";
import type { DifferenceScale } from "../../../src/shared/contract/compare.ts";
import type { ColormapName } from "../../common/drawing/index.ts";
import { labelled, legend, segments } from "../../common/controls/index.ts";
import type { Choice } from "../../common/state/index.ts";
import { sideMark } from "../../components/sides/sides.ts";

interface Scales {
  readonly colours: ColormapName;
  readonly low: number;
  readonly high: number;
  /** The end of the difference's scale and the largest difference there is; null: there is no difference. */
  readonly difference: { readonly magnitude: number; readonly largest: number } | null;
}

/** The bar of A and B and, where there is one, that of B - A with its largest value in words. */
export function scaleBars({ colours, low, high, difference }: Scales): TemplateResult {
  return html`<div class="scales">
    <span>${sideMark(0)}${sideMark(1)}${legend(colours, num(low, 3), num(high, 3))}</span>
    ${difference ? differenceBar(difference, high - low) : nothing}
  </div>`;
}

function differenceBar(
  { magnitude, largest }: NonNullable<Scales["difference"]>,
  span: number,
): TemplateResult {
  const end = num(magnitude, 3);
  return html`<span>${sideMark(2)}${legend("diverging", `−${end}`, `+${end}`)}</span>
    <span class="muted">${largestText(largest, span)}</span>`;
}

function largestText(largest: number, span: number): string {
  if (largest === 0) return t("They are equal.");
  if (!(span > 0)) return t("largest difference {0}", num(largest, 3));
  const share = percent(largest / span);
  return t("largest difference {0}, {1} of the scale of A and B", num(largest, 3), share);
}

/** Whether a difference is drawn on the scale of A and B, or stretched to its own largest value. */
export const differenceChoice = (choice: Choice<DifferenceScale>): TemplateResult =>
  labelled(
    t("Difference"),
    segments<DifferenceScale>(
      t("Scale of the difference"),
      [
        ["same", t("Same scale"), t("On the scale of A and B")],
        ["own", t("Own scale"), t("Stretched to the largest difference")],
      ],
      choice,
    ),
  );
