import { html, nothing, type TemplateResult } from "lit";
import type { FilterGrid, FiltersRequest } from "../../../src/shared/contract/lenses.ts";
import { button } from "../../common/controls/index.ts";
import { icon } from "../../common/styles/index.ts";
import { t } from "../../common/text/index.ts";

type View = FiltersRequest["view"];

/** Which part of the kernels is drawn; `colour` is what the grid fell back from when there are not 3 channels. */
export function channelChoice(
  grid: FilterGrid | null,
  oneFilter: number | null,
  change: (view: View) => void,
): TemplateResult | typeof nothing {
  const colour = (): void => change("colour");
  if (oneFilter !== null)
    return button(html`${icon("close")}${t("Channels of filter {0}", oneFilter)}`, colour);
  if (!grid || grid.kernelShape[2] === 1) return nothing;
  const [, , channels] = grid.kernelShape;
  const shown = typeof grid.view === "object" && "channel" in grid.view ? grid.view.channel : null;
  return html`<label
      >${t("Input channel")}
      <input
        type="number"
        class="channel"
        aria-label=${t("Input channel")}
        min="0"
        max=${channels - 1}
        placeholder=${channels === 3 ? t("colour") : ""}
        .value=${shown === null ? "" : String(shown)}
        @change=${(event: Event) => {
          const channel = (event.target as HTMLInputElement).valueAsNumber;
          const inside = channel >= 0 && channel < channels;
          change(inside ? { channel: Math.floor(channel) } : "colour");
        }}
      />
      ${t("of {0}", channels)}</label
    >${channels === 3 && shown !== null ? button(t("Colour"), colour) : nothing}`;
}
