import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import type { CompareView, Intent } from "../../../src/shared/contract/panel.ts";
import type { Series } from "../../../src/shared/contract/training.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { send, type App } from "../../common/state/app.ts";
import { segments } from "../../common/styles/controls.ts";
import { controls } from "../../common/styles/control-styles.ts";
import { t } from "../../common/text/l10n.ts";
import { lensLayout } from "../../common/styles/lens-layout.ts";
import { base } from "../../common/styles/theme.ts";
import { sideStyles, styles } from "./compare.styles.ts";
import { sidesBar } from "./sides.ts";
import "../../components/empty/empty.ts";
import "./cam.ts";
import "./classes.ts";
import "./layers.ts";
import "./tiles.ts";

/** What is compared with the model and picture that are looked at. */
export interface Against {
  /** Equal as long as both sides are the same. */
  readonly key: string;
  readonly image: string | null;
  readonly otherImage: string | null;
}

const VIEWS: readonly (readonly [CompareView, string])[] = [
  ["layers", t("Layers")],
  ["filters", t("Filters")],
  ["maps", t("Maps")],
  ["cam", "Grad-CAM"],
  ["classes", t("Classes")],
];
const ON_PICTURES: ReadonlySet<CompareView> = new Set(["maps", "cam", "classes"]);
/** What two pictures of one model have in common is no news. */
const OF_MODELS: ReadonlySet<CompareView> = new Set(["layers", "filters"]);

/** Two models, two checkpoints of a training or two pictures, side by side on one scale. */
@customElement("convlens-compare")
export class ConvlensCompare extends LitElement {
  static override styles = [base, controls, lensLayout, sideStyles, styles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) series: Series = [];

  private change(patch: Partial<Intent>): void {
    send(this, "convlens-intent", patch);
  }

  private get against(): Against {
    const { intent, summary } = this.app;
    const { image, other } = intent;
    const otherImage = intent.otherImage ?? image;
    return { key: [summary.path, other ?? summary.path].join("\n"), image, otherImage };
  }

  protected override render(): TemplateResult {
    const { app, series } = this;
    const { other, otherImage, compare } = app.intent;
    const bar = sidesBar(app, series, {
      change: (patch) => this.change(patch),
      fail: (message) => send(this, "convlens-notice", message),
    });
    if (other === null && otherImage === null) return html`${bar}${this.renderEmpty()}`;
    return html`${bar}
      <div class="toolbar" role="toolbar" aria-label=${t("What is compared")}>
        ${segments<CompareView>(t("What is compared"), VIEWS, compare, (view) => this.change({ compare: view }))}
      </div>
      <div class="view">${this.renderView(compare)}</div>`;
  }

  private renderEmpty(): TemplateResult {
    return html`<convlens-empty
      style="grid-row: 2 / -1"
      heading=${t("Compare with what?")}
      .text=${
        this.series.length > 1
          ? t(
              "Choose above what stands beside this model: another checkpoint of its training, another model, or another picture of the strip. Both are drawn on one scale, with their difference.",
            )
          : t(
              "Choose above what stands beside this model: another model, or another picture of the strip. Both are drawn on one scale, with their difference.",
            )
      }
    ></convlens-empty>`;
  }

  private renderView(view: CompareView): TemplateResult {
    const { app, against } = this;
    const { image, other } = app.intent;
    if (ON_PICTURES.has(view) && !app.trusted)
      return html`<convlens-empty
        heading=${t("This workspace is not trusted")}
        text=${t("Layers and filters are compared. Trust the workspace to run the networks on pictures.")}
      ></convlens-empty>`;
    if (ON_PICTURES.has(view) && image === null)
      return html`<convlens-empty
        picture
        heading=${t("What do both make of a picture?")}
      ></convlens-empty>`;
    if (OF_MODELS.has(view) && other === null)
      return html`<convlens-empty
        heading=${t("One model, two pictures")}
        text=${t("Its layers and filters are the same for both. Look at the maps, the heat maps and the classes, or choose another model.")}
      ></convlens-empty>`;
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
    const { app, against } = this;
    const layer = layerOf(app, kind);
    if (!layer)
      return html`<convlens-empty
        heading=${kind === "filters" ? t("No convolution in this model") : t("No maps in this model")}
        text=${t("There is no layer that could be drawn.")}
      ></convlens-empty>`;
    // filters are no maps: what is on its way shows nothing of the other kind
    return html`${keyed(
      kind,
      html`<convlens-compare-tiles
        .app=${app}
        .against=${against}
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
