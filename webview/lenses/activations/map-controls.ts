import { html, nothing, type TemplateResult } from "lit";
import type { ActivationGrid, MapScale } from "../../../src/shared/contract/lenses.ts";
import { dropdown, segments, slider } from "../../common/styles/controls.ts";
import { t } from "../../common/text/l10n.ts";
import { markedMaps, type MapFilter } from "./maps.ts";

/** How the maps of a layer are shown. */
export interface MapControls {
  readonly scale: MapScale;
  /** Before the layer's own activation. */
  readonly preActivation: boolean;
  readonly sort: "index" | "mean";
  readonly only: MapFilter;
  readonly size: number | null;
}

export function mapControls(
  grid: ActivationGrid | null,
  { scale, preActivation, sort, only, size }: MapControls,
  change: (change: Partial<MapControls>) => void,
): TemplateResult {
  const marked = grid ? markedMaps(grid).size : 0;
  return html`${segments<MapScale>(
      t("Scale"),
      [
        ["map", t("Per map"), t("Each map from its smallest to its largest value")],
        ["layer", t("Per layer"), t("One scale for the whole layer")],
      ],
      scale,
      (chosen) => change({ scale: chosen }),
    )}
    <label title=${t("Before the layer's own activation")}
      ><input
        type="checkbox"
        ?checked=${preActivation}
        @change=${(event: Event) => {
          if (event.target instanceof HTMLInputElement)
            change({ preActivation: event.target.checked });
        }}
      />${t("Pre-activation")}</label
    >
    ${dropdown(
      t("Sort by"),
      [
        ["index", t("by index")],
        ["mean", t("by mean")],
      ],
      sort,
      (chosen) => change({ sort: chosen }),
    )}
    ${
      marked > 0 || only !== "all"
        ? dropdown<MapFilter>(
            t("Which maps"),
            [
              ["all", t("all maps")],
              ["alive", t("alive only")],
              ["marked", t("dead only")],
            ],
            only,
            (chosen) => change({ only: chosen }),
          )
        : nothing
    }
    ${slider(t("Size"), { min: 24, max: 320, step: 4 }, size ?? 96, (chosen) => change({ size: chosen }))}`;
}
