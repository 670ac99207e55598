import { html, type TemplateResult } from "lit";
import { gradientOf, type ColormapName } from "../drawing/colormaps.ts";
import { t } from "../text/l10n.ts";

/** The colours of a map with the values at both ends. */
export function legend(name: ColormapName, low: string, high: string): TemplateResult {
  return html`<span
    class="legend mono muted"
    role="img"
    aria-label=${t("Scale from {0} to {1}", low, high)}
    ><span>${low}</span
    ><span
      style=${`display:inline-block;width:88px;height:9px;margin:0 6px;border-radius:2px;background:${gradientOf(name)}`}
    ></span
    ><span>${high}</span></span
  >`;
}
