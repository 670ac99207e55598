import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import type { CompareView } from "../../../src/shared/contract/intent.ts";
import { segments } from "../../common/controls/index.ts";
import { type App, send } from "../../common/state/index.ts";
import { t } from "../../common/text/index.ts";
import { empty, noPicture, untrusted } from "../../components/empty/empty.ts";
import { sideStyles } from "../../components/sides/sides.ts";
import { toolbar } from "../frame.ts";
import { LensElement } from "../lens.ts";
import type { Against } from "./against.ts";
import { styles } from "./compare.styles.ts";
import { sidesBar } from "./sides.ts";
import "./cam.ts";
import "./classes.ts";
import "./layers.ts";
import "./tiles.ts";

const VIEWS: readonly (readonly [CompareView, string])[] = [
  ["layers", t("Layers")],
  ["filters", t("Filters")],
  ["maps", t("Maps")],
  ["cam", "Grad-CAM"],
  ["classes", t("Classes")],
];
/** What two pictures of one model have in common is no news; all other views are of pictures. */
const OF_MODELS: ReadonlySet<CompareView> = new Set(["layers", "filters"]);

/** Two models, two checkpoints of a training or two pictures, side by side on one scale. */
@customElement("convlens-compare")
export class ConvlensCompare extends LensElement {
  static override styles = [LensElement.styles, sideStyles, styles];

  private get against(): Against {
    const { intent, summary } = this.app;
    const { image, other } = intent;
    const otherImage = intent.otherImage ?? image;
    return { key: [summary.path, other ?? summary.path].join("\n"), image, otherImage };
  }

  protected override render(): TemplateResult {
    const { app } = this;
    const { other, otherImage } = app.intent;
    const bar = sidesBar(app, {
      change: this.go,
      fail: (message) => send(this, "convlens-notice", message),
    });
    if (other === null && otherImage === null) return html`${bar}${this.renderEmpty()}`;
    const view = this.choice("compare");
    const title = t("What is compared");
    return html`${bar} ${toolbar(title, segments<CompareView>(title, VIEWS, view))}
      <div class="view">${this.blocked(view.value) ?? this.renderView(view.value)}</div>`;
  }

  private renderEmpty(): TemplateResult {
    return empty(
      t("Compare with what?"),
      this.app.series.length > 1
        ? t(
            "Choose above what stands beside this model: another checkpoint of its training, another model, or another picture of the strip. Both are drawn on one scale, with their difference.",
          )
        : t(
            "Choose above what stands beside this model: another model, or another picture of the strip. Both are drawn on one scale, with their difference.",
          ),
    );
  }

  private blocked(view: CompareView): TemplateResult | null {
    const { intent, trusted } = this.app;
    if (OF_MODELS.has(view))
      return intent.other === null
        ? empty(
            t("One model, two pictures"),
            t(
              "Its layers and filters are the same for both. Look at the maps, the heat maps and the classes, or choose another model.",
            ),
          )
        : null;
    if (!trusted)
      return untrusted(
        t("Layers and filters are compared. Trust the workspace to run the networks on pictures."),
      );
    return intent.image === null ? noPicture(t("What do both make of a picture?")) : null;
  }

  private renderView(view: CompareView): TemplateResult {
    const { app, against } = this;
    switch (view) {
      case "layers":
        return html`<convlens-compare-layers
          .app=${app}
          .against=${against}
        ></convlens-compare-layers>`;
      case "cam":
        return html`<convlens-compare-cam .app=${app} .against=${against}></convlens-compare-cam>`;
      case "classes":
        return html`<convlens-compare-classes
          .app=${app}
          .against=${against}
        ></convlens-compare-classes>`;
      case "filters":
      case "maps":
        return this.renderTiles(view);
    }
  }

  private renderTiles(kind: "filters" | "maps"): TemplateResult {
    const layer = layerOf(this.app, kind);
    if (!layer)
      return empty(
        kind === "filters" ? t("No convolution in this model") : t("No maps in this model"),
        t("There is no layer that could be drawn."),
      );
    // filters are no maps: what is on its way shows nothing of the other kind
    return html`${keyed(
      kind,
      html`<convlens-compare-tiles
        .app=${this.app}
        .against=${this.against}
        .kind=${kind}
        .layer=${layer.name}
      ></convlens-compare-tiles>`,
    )}`;
  }
}

/** The chosen layer where it can be drawn, else the first that can. */
function layerOf({ summary, intent }: App, kind: "filters" | "maps"): LayerSummary | undefined {
  const suits = (layer: LayerSummary): boolean =>
    kind === "filters" ? layer.hasKernel : layer.spatial && layer.op !== "input";
  const fitting = summary.layers.filter(suits);
  return fitting.find(({ name }) => name === intent.layer) ?? fitting[0];
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-compare": ConvlensCompare;
  }
}
