import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { at } from "../../../src/base/at.ts";
import type { Cell } from "../../../src/shared/contract/intent.ts";
import type { DotProduct, MapValues, Rect } from "../../../src/shared/contract/lenses.ts";
import type { LayerSummary } from "../../../src/shared/contract/model.ts";
import { button, iconButton, numberField } from "../../common/controls/index.ts";
import { colormap } from "../../common/drawing/index.ts";
import { filterFor, layerFor, Resource } from "../../common/state/index.ts";
import { base, controls, icon, lensLayout } from "../../common/styles/index.ts";
import { num, t } from "../../common/text/index.ts";
import { empty, whyNot } from "../../components/empty/empty.ts";
import type { PicturePoint } from "../../components/picture/picture.ts";
import { status } from "../../components/status/status.ts";
import { cellAt, strongestCell } from "../cell.ts";
import { scroller, toolbar } from "../frame.ts";
import { LensElement } from "../lens.ts";
import { mapPixels } from "./growing-map.ts";
import { styles } from "./how.styles.ts";
import { Scan } from "./scan.ts";
import "../../components/picture/picture.ts";
import "./dot-product.ts";

/** One filter at work: its kernel goes over the picture while its map grows, and the number of a cell is taken apart. */
@customElement("convlens-how")
export class ConvlensHow extends LensElement {
  static override styles = [base, controls, lensLayout, styles];

  /** Where the kernel is while it moves; what it stops at is part of the intent. */
  @state() private moving: Cell | null = null;
  private readonly values = new Resource<MapValues>(this);
  private readonly field = new Resource<Rect>(this);
  private readonly product = new Resource<DotProduct>(this, (product) => {
    this.arrived(product);
    this.drawn();
  });
  private readonly scan = new Scan(
    this,
    () => this.map && { cell: this.cellOf(this.map), shape: this.map.shape },
    (cell) => this.move(cell),
  );

  private get layer(): LayerSummary | null {
    return layerFor(this.app.summary, this.app.intent);
  }
  private get filter(): number {
    return filterFor(this.app.intent, this.layer);
  }
  /** The map of the filter; null until it has come. */
  private get map(): MapValues | null {
    return this.values.stale ? null : this.values.value;
  }

  /** The cell that is looked at: the strongest until one is chosen. */
  private cellOf(map: MapValues): Cell {
    const cell = this.moving ?? this.app.intent.cell;
    const [height, width] = map.shape;
    return cell && cell.y < height && cell.x < width ? cell : strongestCell(map);
  }

  private move(cell: Cell): void {
    if (this.scan.playing) this.moving = cell;
    else this.stop(cell);
  }

  /** The kernel stays where it is. */
  private stop(cell: Cell | null): void {
    this.scan.pause();
    this.moving = null;
    if (cell) this.go({ cell });
  }

  protected override willUpdate(): void {
    const { remote, epoch, intent } = this.app;
    const { layer, filter } = this;
    const blocked = !layer || whyNot(this.app, "how", layer.name) !== null;
    const of = blocked || intent.image === null ? null : { layer: layer.name, image: intent.image };
    const wanted = of && { ...of, channel: filter, preActivation: false };
    this.values.load(wanted, epoch, remote.mapValues);
    const { map } = this;
    if (!of || !map) return;
    if (this.moving && !this.scan.playing) this.stop(this.moving); // it came to the end
    const { y, x } = this.cellOf(map);
    // each is answered before the next is asked: a moving kernel would cancel them all
    if (!this.field.busy) this.field.load({ layer: of.layer, y, x }, epoch, remote.receptiveField);
    if (!this.moving) this.product.load({ ...of, filter, y, x }, epoch, remote.dotProduct);
  }

  protected override render(): TemplateResult {
    const { app, layer, map } = this;
    if (!layer)
      return empty(
        t("No convolution in this model"),
        t("There is no layer with a convolution kernel to draw."),
      );
    const blocked = whyNot(app, "how", layer.name);
    if (blocked) return blocked;
    return html`${this.renderToolbar(layer, map)}
    ${scroller(
      t("How a filter works"),
      false,
      html`${status(this.values.error ? this.values : this.product, t("Computing"))}
        ${map ? this.renderStage(layer, map) : nothing}
        <convlens-dot-product
          class=${this.moving || this.product.stale ? "stale" : ""}
          .of=${this.product.value}
        ></convlens-dot-product>`,
    )}`;
  }

  private renderToolbar(layer: LayerSummary, map: MapValues | null): TemplateResult {
    const { filter, scan } = this;
    const last = (layer.mapShape?.at(-1) ?? 1) - 1;
    const show = (to: number | null): void => {
      if (to !== null && to >= 0 && to <= last) this.go({ filter: to });
    };
    const cell = map && this.cellOf(map);
    const to = (patch: Partial<Cell>): void => {
      if (!map || !cell) return;
      const [height, width] = map.shape;
      const { y, x } = { ...cell, ...patch };
      if (y < height && x < width) this.stop({ y, x });
    };
    const none = map === null;
    return toolbar(
      t("How it works"),
      html`${numberField(t("Filter"), { value: filter, set: show }, "0")}
      ${iconButton(icon("right"), t("Next filter"), () => show(filter + 1), filter >= last)}
      ${
        scan.playing
          ? button(html`${icon("pause")}${t("Pause")}`, () => this.stop(this.moving))
          : button(html`${icon("play")}${t("Scan the picture")}`, scan.play, {
              kind: "primary",
              disabled: none,
            })
      }
      ${button(t("Back"), () => scan.step(-1), { disabled: none })}
      ${button(t("Step"), () => scan.step(1), { disabled: none })}
      ${numberField("y", { value: cell?.y ?? null, set: (y) => y !== null && to({ y }) }, "0")}
      ${numberField("x", { value: cell?.x ?? null, set: (x) => x !== null && to({ x }) }, "0")}
      ${button(t("Take the strongest cell"), () => map && this.stop(strongestCell(map)), { disabled: none })}`,
    );
  }

  private renderStage(layer: LayerSummary, map: MapValues): TemplateResult {
    const cell = this.cellOf(map);
    const choose = (event: CustomEvent<PicturePoint>): void =>
      this.stop(cellAt(event.detail, map.shape));
    const value = num(at(map.values, cell.y * map.shape[1] + cell.x));
    return html`<div class="stage">
      <figure>
        <convlens-picture
          clickable
          drags
          .picture=${this.app.picture}
          .rect=${this.field.value}
          label=${t("What the cell sees of the picture; click or drag to move the kernel")}
          @picture-click=${choose}
        ></convlens-picture>
        <figcaption>${t("the picture, and what the kernel sees of it")}</figcaption>
      </figure>
      <figure>
        <convlens-picture
          clickable
          drags
          .map=${mapPixels(map, this.moving)}
          .lut=${colormap("viridis")}
          .rect=${{ ...cell, width: 1, height: 1 }}
          label=${t("Map {0} of {1}, {2} × {3} cells", this.filter, layer.name, ...map.shape)}
          @picture-click=${choose}
        ></convlens-picture>
        <figcaption>
          ${t("map {0}: y {1}, x {2} is {3}", this.filter, cell.y, cell.x, value)}
        </figcaption>
      </figure>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "convlens-how": ConvlensHow;
  }
}
