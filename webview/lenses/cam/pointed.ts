/** What is known of the cell of a heat map that is pointed at: what it sees, and which maps are strongest there. */
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { Cam, CellMaps, Rect } from "../../../src/shared/contract/lenses.ts";
import type { Cell, Intent } from "../../../src/shared/contract/intent.ts";
import { button } from "../../common/controls/index.ts";
import { type App, Resource } from "../../common/state/index.ts";
import { num, t } from "../../common/text/index.ts";

const MOST_MAPS = 4;

/** Fetches it; the answer to an earlier cell is dropped. */
export class Pointed {
  private readonly seen: Resource<Rect>;
  private readonly maps: Resource<CellMaps>;
  private cell: Cell | null = null;
  private layer: string | null = null;

  constructor(host: ReactiveControllerHost) {
    this.seen = new Resource<Rect>(host);
    this.maps = new Resource<CellMaps>(host);
  }

  /** null: nothing is pointed at now; what was last is still told. Of merged layers there is no one cell. */
  want({ remote, epoch }: App, cam: Cam | null, cell: Cell | null): void {
    const [layer, ...others] = cam?.layers ?? [];
    if (!cam || layer === undefined || others.length > 0) {
      this.cell = this.layer = null;
      this.seen.load(null, epoch, remote.receptiveField);
      this.maps.load(null, epoch, remote.cellMaps);
      return;
    }
    if (layer !== this.layer) this.cell = null;
    this.layer = layer;
    this.cell = cell ?? this.cell;
    const at = this.cell && { layer, ...this.cell };
    this.seen.load(at, epoch, remote.receptiveField);
    const asked = at && { ...at, image: cam.image, count: MOST_MAPS };
    this.maps.load(asked, epoch, remote.cellMaps);
  }

  /** The part of the picture that the cell sees. */
  get rect(): Rect | null {
    return this.seen.stale ? null : this.seen.value;
  }

  /** Always there, so that nothing moves when a cell is pointed at. */
  line(go: (patch: Partial<Intent>) => void): TemplateResult {
    const { cell, layer } = this;
    if (!cell || layer === null)
      return html`<div class="pointer muted">${t("Point at a cell to see what it sees.")}</div>`;
    const { value: rect } = this.seen;
    const { value: maps } = this.maps;
    return html`<div class="pointer">
      <span class="mono">${t("row {0}, column {1}", cell.y, cell.x)}</span>
      <span>${rect ? t("sees {0} pixels", `${rect.height} × ${rect.width}`) : nothing}</span>
      ${
        maps && maps.channels.length > 0
          ? html`<span class="muted">${t("strongest maps:")}</span>${maps.channels.map(
                (channel, i) =>
                  button(
                    `${channel} (${num(maps.values[i] ?? NaN, 2)})`,
                    () => go({ lens: "activations", layer, filter: channel, cell }),
                    { kind: "link", title: t("{0}, map {1}", layer, channel) },
                  ),
              )}`
          : nothing
      }
    </div>`;
  }
}
