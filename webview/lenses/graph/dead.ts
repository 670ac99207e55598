import { at } from "../../../src/base/at.ts";
import type { GraphItem } from "../../../src/shared/contract/graph.ts";
import type { ModelSummary } from "../../../src/shared/contract/model.ts";
import { type Counted, countedLayer } from "../../common/state/index.ts";
import { percent, t } from "../../common/text/index.ts";
import { layersOf } from "./open.ts";

/** The share of filters that never fire, and over how many pictures. */
export interface Dead {
  readonly share: number;
  readonly images: number;
}

/** Dead filters of layers and blocks: as a census counted them; where there is none, those that are silent on the picture at hand. */
export class DeadOf {
  private readonly known = new Map<GraphItem, Dead | null>();

  /** `silent`: the shares of maps that are nowhere above 0 on the picture, by layers, as far as they are known. */
  constructor(
    readonly summary: ModelSummary,
    readonly census: Counted | null,
    readonly silent: ReadonlyMap<string, number>,
  ) {}

  readonly of = (item: GraphItem): Dead | null => {
    const known = this.known.get(item);
    if (known !== undefined) return known;
    const found = layersOf(item).flatMap((place) => this.layer(place) ?? []);
    const images = found[0]?.images;
    const sum = found.reduce((total, { share }) => total + share, 0);
    const made = images === undefined ? null : { share: sum / found.length, images };
    this.known.set(item, made);
    return made;
  };

  private layer(place: number): Dead | null {
    const { name, rectified } = at(this.summary.layers, place);
    if (this.census) {
      const counted = countedLayer(this.summary, this.census, name);
      if (!counted || counted.filters === 0) return null;
      return { share: counted.dead.length / counted.filters, images: this.census.images };
    }
    const share = this.silent.get(name);
    return share === undefined || !rectified ? null : { share, images: 1 };
  }
}

/** `9 % over N = 300`. */
export const deadText = ({ share, images }: Dead): string =>
  t("{0} over N = {1}", percent(share), images);
