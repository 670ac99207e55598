/** Two graphs, layer by layer: what only one has, what differs, and how far the weights lie apart. */
import type { DiffRow, LayerPair, WeightDistance } from "../../shared/contract/compare.ts";
import type { Control } from "../../shared/control.ts";
import { breathe } from "../../base/errors.ts";
import type { Layer, ModelGraph } from "../../graph/index.ts";
import { asFloats } from "../../base/tensor.ts";
import { layerChanges, weightPairs, type Compared, type Described } from "./changes.ts";
import { matchLayers, type Match } from "./match.ts";

/** All layers of A in their order, with those that only B has between them. */
export interface Diff {
  readonly rows: readonly DiffRow[];
  /** Layers whose weights are compared so far, of how many. */
  readonly compared: number;
  readonly comparable: number;
}

const libraryOf = ({ format }: ModelGraph): string => format.split(" ")[0] ?? format;

/** A's layers with B's, as far as the files' structure goes; weights are null. */
function structureDiff(a: Compared, b: Compared): DiffRow[] {
  const matches = matchLayers(a.layers, b.layers);
  const partner = new Map(matches.map((match) => [match.a, match]));
  const nameInB = new Map(
    matches.map((m) => [a.layers[m.a]?.name ?? "", b.layers[m.b]?.name ?? ""]),
  );
  const matched = new Set(matches.map((match) => match.b));
  const sameLibrary = libraryOf(a.graph) === libraryOf(b.graph);
  const [left, right] = [described(a), described(b)];
  const pairOf = ({ a: i, b: j, by }: Match): LayerPair[] => {
    const [own, other] = [left[i], right[j]];
    if (!own || !other) return [];
    const inputs = own.summary.inputs.map((name) => nameInB.get(name) ?? null);
    return [
      {
        ...{ a: own.summary.name, b: other.summary.name, className: other.summary.className, by },
        changes: layerChanges(own, other, sameLibrary, inputs),
        weights: null,
        kernels: own.summary.hasKernel && other.summary.hasKernel,
        maps: own.summary.spatial && other.summary.spatial,
      },
    ];
  };
  const rows: DiffRow[] = [];
  let next = 0;
  const addOwnOfB = (until: number): void => {
    for (; next < until; next++) {
      const layer = b.layers[next];
      if (layer && !matched.has(next))
        rows.push({ name: layer.name, className: layer.className, side: "b" });
    }
  };
  a.layers.forEach(({ name, className }, i) => {
    const match = partner.get(i);
    if (!match) return void rows.push({ name, className, side: "a" });
    addOwnOfB(match.b);
    rows.push(...pairOf(match));
  });
  addOwnOfB(b.layers.length);
  return rows;
}

/** The same with weights, read from both files one layer at a time; `soFar` is told after each. */
export async function modelDiff(
  a: Compared,
  b: Compared,
  { signal }: Pick<Control, "signal">,
  soFar: (diff: Diff) => void = () => undefined,
): Promise<Diff> {
  const rows = structureDiff(a, b);
  const [left, right] = [layersOf(a.graph), layersOf(b.graph)];
  const work = rows.flatMap((row, at) => {
    if (!("by" in row)) return [];
    const [own, other] = [left.get(row.a), right.get(row.b)];
    return own && other && equalWeights(own, other).length > 0 ? [{ at, row, own, other }] : [];
  });
  const comparable = work.length;
  soFar({ rows, compared: 0, comparable });
  for (const [done, { at, row, own, other }] of work.entries()) {
    rows[at] = { ...row, weights: await distance(a.graph, own, b.graph, other) };
    soFar({ rows, compared: done + 1, comparable });
    await breathe(signal);
  }
  return { rows, compared: comparable, comparable };
}

const layersOf = ({ layers }: ModelGraph): Map<string, Layer> =>
  new Map(layers.map((layer) => [layer.name, layer]));

function described({ graph, layers }: Compared): (Described | undefined)[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.layers.map((layer, i) => {
    const summary = layers[i];
    const nodes = layer.nodes.flatMap((id) => byId.get(id) ?? []);
    return summary && { layer, summary, nodes };
  });
}

const equalWeights = (a: Layer, b: Layer): (readonly [number, number])[] =>
  weightPairs(a, b).filter(([i, j]) => a.weights[i]?.shape.join() === b.weights[j]?.shape.join());

async function distance(
  a: ModelGraph,
  own: Layer,
  b: ModelGraph,
  other: Layer,
): Promise<WeightDistance> {
  let [apart, norm, largest] = [0, 0, 0];
  for (const [i, j] of equalWeights(own, other)) {
    const x = asFloats(await a.weights.read(own.weights[i]?.ref ?? "")).data;
    const y = asFloats(await b.weights.read(other.weights[j]?.ref ?? "")).data;
    for (let at = 0; at < x.length; at++) {
      const by = (y[at] ?? 0) - (x[at] ?? 0);
      apart += by * by;
      norm += (x[at] ?? 0) ** 2;
      largest = Math.max(largest, Math.abs(by));
    }
  }
  return { relative: apart === 0 ? 0 : Math.sqrt(apart / (norm || 1)), largest };
}
