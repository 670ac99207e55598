/** What is drawn on, and said of, a layer or a block. */
import { at } from "../../../src/base/at.ts";
import type { GraphBlock, GraphItem } from "../../../src/shared/contract/graph.ts";
import type { LayerOp, LayerSummary, ModelSummary } from "../../../src/shared/contract/model.ts";
import { compact, t } from "../../common/text/index.ts";
import { opColour } from "../../common/styles/index.ts";
import { layersOf } from "./open.ts";

export interface Facts {
  readonly title: string;
  readonly below: string;
  readonly op: LayerOp | null;
  /** The colours of the layers in it, in the order of execution. */
  readonly colours: readonly string[];
  /** Layers that are not executed. */
  readonly opaque: number;
  readonly layers: number;
  readonly params: number;
  readonly macs: number;
}

/** Works them out once for each item, for as long as the summary stays. */
export class FactsOf {
  private readonly known = new Map<GraphItem, Facts>();

  constructor(readonly summary: ModelSummary) {}

  readonly of = (item: GraphItem): Facts => {
    const known = this.known.get(item);
    if (known) return known;
    const made = typeof item === "number" ? this.layer(item) : this.block(item);
    this.known.set(item, made);
    return made;
  };

  readonly ofBox = ({ item }: { readonly item: GraphItem }): Facts => this.of(item);

  private layer(place: number): Facts {
    const { name, className, op, opaque, params, macs } = at(this.summary.layers, place);
    return {
      ...{ title: className, below: name, op, layers: 1, params, macs },
      colours: [opaque === null ? opColour(op) : "red"],
      opaque: opaque === null ? 0 : 1,
    };
  }

  private block(block: GraphBlock): Facts {
    const inside = layersOf(block).map(this.of);
    const sum = (pick: (facts: Facts) => number): number =>
      inside.reduce((total, facts) => total + pick(facts), 0);
    return {
      title: blockTitle(block, this.summary.layers),
      below: blockWords(block),
      op: null,
      colours: inside.flatMap(({ colours }) => colours),
      layers: inside.length,
      params: sum(({ params }) => params),
      macs: sum(({ macs }) => macs),
      opaque: sum(({ opaque }) => opaque),
    };
  }
}

/** A block's name in the file; else what it is made of. */
export function blockTitle(block: GraphBlock, layers: readonly LayerSummary[]): string {
  const { kind, label, items } = block;
  if (label !== "") return kind === "stage" ? t("{0} maps", label) : label;
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) return "";
  if (kind === "unit") {
    const classes = layersOf(block).map((place) => at(layers, place).className);
    return [...new Set(classes)].slice(0, 3).join(" · ");
  }
  if (kind === "repeat" && typeof first === "object" && first.label === "")
    return blockTitle(first, layers);
  const [from, to] = [nameOf(first, layers), nameOf(last, layers)];
  return `${from} … ${to}`;
}

const nameOf = (item: GraphItem, layers: readonly LayerSummary[]): string =>
  typeof item === "number" ? at(layers, item).name : blockTitle(item, layers);

function blockWords(block: GraphBlock): string {
  const layers = t("{0} layers", layersOf(block).length);
  return block.kind === "repeat" ? `× ${block.items.length} · ${layers}` : layers;
}

/** For a screen reader, and as a tooltip. */
export function factsText({ title, below, opaque, layers, params, macs }: Facts): string {
  return [
    `${title}, ${below}`,
    ...(params > 0 ? [t("{0} parameters", compact(params))] : []),
    ...(macs > 0 ? [t("{0} multiply-adds", compact(macs))] : []),
    ...(opaque > 0 ? [layers > 1 ? t("{0} not executed", opaque) : t("not executed")] : []),
  ].join(", ");
}
