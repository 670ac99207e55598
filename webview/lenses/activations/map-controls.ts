import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { ActivationGrid, MapScale } from "../../../src/shared/contract/lenses.ts";
import { checkbox, dropdown, segments, sizeSlider } from "../../common/controls/index.ts";
import { type Choice, Own } from "../../common/state/index.ts";
import { t } from "../../common/text/index.ts";
import { markedMaps, type MapFilter } from "./maps.ts";

/** How the maps of a layer are shown. */
export class MapControls {
  readonly scale: Own<MapScale>;
  /** Before the layer's own activation. */
  readonly preActivation: Own<boolean>;
  readonly sort: Own<"index" | "mean">;
  readonly only: Own<MapFilter>;

  constructor(
    host: ReactiveControllerHost,
    private readonly size: Choice<number | null>,
  ) {
    this.scale = new Own<MapScale>(host, "map");
    this.preActivation = new Own(host, false);
    this.sort = new Own<"index" | "mean">(host, "index");
    this.only = new Own<MapFilter>(host, "all");
  }

  render(grid: ActivationGrid | null): TemplateResult {
    const marked = grid ? markedMaps(grid).size : 0;
    return html`${segments<MapScale>(
      t("Scale"),
      [
        ["map", t("Per map"), t("Each map from its smallest to its largest value")],
        ["layer", t("Per layer"), t("One scale for the whole layer")],
      ],
      this.scale,
    )}
    ${checkbox(t("Pre-activation"), this.preActivation, t("Before the layer's own activation"))}
    ${dropdown<"index" | "mean">(
      t("Sort by"),
      [
        ["index", t("by index")],
        ["mean", t("by mean")],
      ],
      this.sort,
    )}
    ${
      marked > 0 || this.only.value !== "all"
        ? dropdown<MapFilter>(
            t("Which maps"),
            [
              ["all", t("all maps")],
              ["alive", t("alive only")],
              ["marked", t("dead on this picture")],
            ],
            this.only,
          )
        : nothing
    }
    ${sizeSlider({ min: 24, max: 320, step: 4 }, 96, this.size)}`;
  }
}
