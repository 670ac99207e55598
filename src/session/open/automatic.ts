/** The layers that methods take by themselves: by the output that is asked about, the place in it, and the picture that maps lie over. */
import { attentionLayer, camLayer } from "../../methods/inspect/index.ts";
import { tableOf, type Output } from "../../methods/outputs/index.ts";
import type { Scores } from "../../methods/types.ts";
import { boxesSeen, type Box, type ModelGraph, type NodeId } from "../../graph/index.ts";
import { CAM_METHODS, type CamMethod } from "../../shared/catalogue.ts";
import type { AutoLayer, LayerSummary } from "../../shared/contract/model.ts";
import type { CamAbout } from "../../shared/method.ts";
import type { Where } from "../../shared/where.ts";
import type { Outputs } from "./outputs.ts";

/** What a heat map is of: an output (null: the first) and a place in it, over a picture (null: the layer's first), by a method. */
export interface MapOf {
  readonly output?: Output | null;
  readonly where?: Where | null;
  readonly on?: string | null;
  readonly method?: CamMethod;
}

/** How a layer is found at one place of a detector. */
type At = (place: number) => AutoLayer | null;

/** As many places are looked at, at the most, where the inputs of a detector's head are found. */
const MOST_LOOKS = 200;

/** Finds them, each once. */
export class Automatic {
  private readonly known = new Map<string, AutoLayer | null>();

  constructor(
    private readonly graph: ModelGraph,
    private readonly layers: readonly LayerSummary[],
    private readonly outputs: Outputs,
    private readonly none: Scores,
  ) {}

  /** null: there is none. */
  of({ output = null, where = null, on = null, method = "grad-cam" }: MapOf): AutoLayer | null {
    const own = output ?? this.outputs.all[0];
    if (!own) return null;
    const { ofAttention }: CamAbout = CAM_METHODS[method];
    const box = where?.kind === "box" ? where.box : null;
    const key = JSON.stringify([own.spec.name, box, on, ofAttention]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const found = ofAttention
      ? attentionLayer(this.scores(own), this.graph.layers, on)
      : (this.ofBoxes(own, box, on) ?? this.ofAll(own, on));
    const auto = found && { merged: [], ...found };
    this.known.set(key, auto);
    return auto;
  }

  private ofAll(output: Output, on: string | null): Omit<AutoLayer, "merged"> | null {
    return camLayer(this.scores(output), this.graph.layers, this.layers, on);
  }

  private scores(output: Output): Scores {
    return output.kind === "classes"
      ? this.outputs.classes(output)
      : { ...this.none, ...this.outputs.cause(output) };
  }

  /**
   * Of a detector the inputs of its head: the last layers that both the class scores and the coordinates of a box depend on, of one box
   * (`box`) or, where none is named, of all. Null: it is no detector, or nothing is in common.
   */
  private ofBoxes(asked: Output, box: number | null, on: string | null): AutoLayer | null {
    const output = this.outputs.scored(asked);
    const { places, kind, classes } = output;
    if (kind !== "detection" || classes === null) return null;
    const layerAt = this.layersOfBoxes(output, on);
    if (box !== null) return layerAt(Math.min(box, places - 1));
    const found = levels(layerAt, places);
    const inOrder = this.layers.flatMap(({ name }) => found.get(name) ?? []);
    const last = inOrder.at(-1);
    if (!last) return null;
    const merged = inOrder.slice(0, -1).map(({ name }) => name);
    return merged.length === 0 ? last : { ...last, merged, why: HEAD };
  }

  private layersOfBoxes(output: Output, on: string | null): At {
    const { node, graph } = this.outputs.logits(output);
    const [first, end] = output.classes ?? [0, 0];
    const scores = { ...this.none, graph, logits: node };
    const coordinates = this.coordinatesOf(output);
    return (place) => {
      const columns = (from: number, to: number): Box => [
        [0, 0],
        [place, place],
        [from, to],
      ];
      const besides =
        coordinates &&
        boxesSeen(
          coordinates.graph.nodes,
          coordinates.node,
          columns(coordinates.from, coordinates.from + 3),
        );
      const reads = { asked: boxesSeen(graph.nodes, node, columns(0, end - first - 1)), besides };
      const found = camLayer(scores, this.graph.layers, this.layers, on, reads);
      return found && { ...found, merged: [] };
    };
  }

  /** The table [N, places, numbers] that has the coordinates of a detector's boxes, and their first column; null: it is not told. */
  private coordinatesOf({
    boxes,
    places,
  }: Output): { graph: ModelGraph; node: NodeId; from: number } | null {
    const { output = -1, from = 0 } = boxes?.coordinates ?? {};
    const has = this.outputs.all[output];
    if (!has || has.places !== places || has.numbers < from + 4) return null;
    return { ...tableOf(this.outputs.graphOf(has), has), from };
  }
}

const HEAD =
  "the inputs of the head, one for each scale: the last layers that scores and coordinates of the boxes depend on, merged as the mean of their maps, each after ReLU, enlarged to the input and divided by its layer's largest value";

/** The layers of all places, by their names: those of the first and the last, and between two that differ those of what is between. */
function levels(layerAt: At, places: number): Map<string, AutoLayer> {
  const found = new Map<string, AutoLayer>();
  let looks = 0;
  const look = (place: number): string | null => {
    looks++;
    const layer = layerAt(place);
    if (layer) found.set(layer.name, layer);
    return layer?.name ?? null;
  };
  const between = (low: number, high: number, own: string | null, other: string | null): void => {
    if (own === other || high - low < 2 || looks >= MOST_LOOKS) return;
    const middle = (low + high) >> 1;
    const there = look(middle);
    between(low, middle, own, there);
    between(middle, high, there, other);
  };
  if (places > 0) between(0, places - 1, look(0), look(places - 1));
  return found;
}
