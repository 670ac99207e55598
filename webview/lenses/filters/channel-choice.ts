import { html, nothing, type TemplateResult } from "lit";
import type { FilterGrid, FiltersRequest } from "../../../src/shared/contract/lenses.ts";
import { icon } from "../../common/styles/icons.ts";
import { t } from "../../common/text/l10n.ts";

type View = FiltersRequest["view"];

/** Which part of the kernels is drawn; `colour` is what the grid fell back from when there are not 3 channels. */
export function channelChoice(
  grid: FilterGrid | null,
  oneFilter: number | null,
  change: (view: View) => void,
): TemplateResult | typeof nothing {
  const colour = (): void => change("colour");
  if (oneFilter !== null)
    return html`<button @click=${colour}>
      ${icon("close")}${t("Channels of filter {0}", oneFilter)}
    </button>`;
  const channels = grid?.kernelShape[2] ?? 1;
  if (!grid || channels === 1) return nothing;
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
          if (!(event.target instanceof HTMLInputElement)) return;
          const channel = event.target.valueAsNumber;
          const inside = channel >= 0 && channel < channels;
          change(inside ? { channel: Math.floor(channel) } : "colour");
        }}
      />
      ${t("of {0}", channels)}</label
    >${channels === 3 && shown !== null ? html`<button @click=${colour}>${t("Colour")}</button>` : nothing}`;
}
