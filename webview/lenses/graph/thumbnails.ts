import type { ReactiveControllerHost } from "lit";
import { at } from "../../../src/base/at.ts";
import type { Overview, OverviewRow } from "../../../src/shared/contract/lenses.ts";
import { canvasOf, canvasOfMap, colormap } from "../../common/drawing/index.ts";
import { type App, isPart, Resource, send } from "../../common/state/index.ts";
import type { Box, Drawing } from "./layout/types.ts";
import { classOf } from "./flow.ts";
import { layersOf } from "./open.ts";

/** Nodes that have a picture, at most: what their layers give is held at once while it is drawn. */
const MOST = 64;
/** Of a network that is unfolded as a whole the first: each question runs it. */
const MOST_OF_ALL = 192;

/** The map of each shown node that tells most of the chosen picture; of a block, of the last layer in it that has maps. */
export class Thumbnails {
  readonly maps: Resource<Overview>;
  private pictures = new Map<string, OffscreenCanvas>();
  private app: App | null = null;
  /** The share of each layer's maps that are nowhere above 0 on the picture. */
  silent: ReadonlyMap<string, number> = new Map();
  /** The picture, in this state of the model, that `pictures` are of. */
  private shown = "";

  constructor(private readonly host: ReactiveControllerHost & EventTarget) {
    this.maps = new Resource<Overview>(
      host,
      (overview) => {
        for (const row of overview.rows) this.take(row);
        send(host, "convlens-provenance", overview);
      },
      ({ partial }) => {
        if (isPart<OverviewRow>(partial, "tiles")) this.take(partial);
      },
    );
  }

  /** Asks for what the shown nodes lack, where there is a picture and the network may be run. */
  want(app: App, canRun: boolean, drawing: Drawing | null): void {
    this.app = app;
    const { remote, epoch, intent } = app;
    const { image } = intent;
    const of = classOf(app);
    const own = JSON.stringify([epoch, image, of]);
    const isOther = own !== this.shown;
    if (isOther) {
      this.pictures = new Map();
      this.silent = new Map();
    }
    this.shown = own;
    if (image === null || !canRun || !drawing) {
      this.maps.load(null, epoch, remote.overview);
      return;
    }
    const names = drawing.boxes.flatMap((box) => (box.open ? [] : (this.layerOf(box) ?? [])));
    const layers = [...new Set(names)].filter((name) => !this.pictures.has(name)).slice(0, MOST);
    // what is being fetched goes on until all of it is there; what failed is asked again by a person
    if (this.pictures.size >= MOST_OF_ALL || layers.length === 0) return;
    if (isOther || !(this.maps.busy || this.maps.error))
      this.maps.load({ image, perLayer: 1, layers, of }, epoch, remote.overview);
  }

  /** Of a node; null while there is none. */
  readonly of = (box: Box): OffscreenCanvas | null => {
    const { app } = this;
    if (!app || app.intent.image === null) return null;
    const isInput = typeof box.item === "number" && at(app.summary.layers, box.item).op === "input";
    if (isInput) return app.picture && canvasOf(app.picture);
    const layer = this.layerOf(box);
    return layer === null ? null : (this.pictures.get(layer) ?? null);
  };

  /** The last layer of a node whose maps lie over a picture. */
  private layerOf({ item }: Box): string | null {
    const layers = this.app?.summary.layers;
    const last = layersOf(item).findLast((place) => layers?.[place]?.spatial);
    return last === undefined ? null : (layers?.[last]?.name ?? null);
  }

  private take({ layer, tiles, dead, mapShape }: OverviewRow): void {
    const { width, height, pixels } = tiles;
    if (tiles.count === 0) return;
    const one = { pixels: pixels.subarray(0, width * height), width, height };
    this.pictures.set(layer, canvasOfMap(one, colormap("viridis")));
    this.silent = new Map(this.silent).set(layer, dead / Math.max(1, mapShape[2]));
    this.host.requestUpdate();
  }
}
