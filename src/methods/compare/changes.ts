/** What two matched layers have otherwise, as far as the files alone tell. */
import type { LayerChange } from "../../shared/contract/compare.ts";
import type { LayerSummary } from "../../shared/contract/model.ts";
import type { GraphNode, Layer, ModelGraph, Op } from "../../graph/index.ts";

/** A model as both sides of a comparison are given it. */
export interface Compared {
  readonly graph: ModelGraph;
  readonly layers: readonly LayerSummary[];
}
/** A layer with what is told of it and the nodes it is made of. */
export interface Described {
  readonly layer: Layer;
  readonly summary: LayerSummary;
  readonly nodes: readonly GraphNode[];
}

const shapeText = (shape: readonly (number | null)[] | null): string =>
  shape === null ? "?" : shape.map((axis) => axis ?? "N").join(" × ");

/** `inputs`: names of the layers that feed A's, as B calls them (null: B has none such). */
export function layerChanges(
  a: Described,
  b: Described,
  sameLibrary: boolean,
  inputs: readonly (string | null)[],
): LayerChange[] {
  const changes: LayerChange[] = [];
  const note = (what: string, from: string, to: string): void => {
    if (from !== to) changes.push({ what, from, to });
  };
  // another library has another word for the same layer
  if (sameLibrary || a.summary.op !== b.summary.op)
    note("class", a.summary.className, b.summary.className);
  note("output", shapeText(a.summary.mapShape), shapeText(b.summary.mapShape));
  for (const [what, from, to] of weightShapes(a.layer, b.layer)) note(what, from, to);
  const [before, after] = [attributes(a.nodes), attributes(b.nodes)];
  for (const [what, from] of before) {
    const to = after.get(what);
    if (to !== undefined) note(what, from, to);
  }
  if (sameLibrary) {
    note("operations", operations(a.nodes), operations(b.nodes));
    if (!inputs.includes(null)) note("inputs", inputs.join(", "), b.summary.inputs.join(", "));
  }
  return changes;
}

/** Parameters of the same name or, where libraries name them otherwise, of the same rank in the same order. */
export function weightPairs(a: Layer, b: Layer): readonly (readonly [number, number])[] {
  const taken = new Set<number>();
  return a.weights.flatMap((own, i) => {
    const free = (other: Layer["weights"][number], j: number): boolean =>
      !taken.has(j) && other.shape.length === own.shape.length;
    const named = b.weights.findIndex((other, j) => free(other, j) && other.name === own.name);
    const j = named >= 0 ? named : b.weights.findIndex(free);
    if (j < 0) return [];
    taken.add(j);
    return [[i, j] as const];
  });
}

function weightShapes(a: Layer, b: Layer): [what: string, from: string, to: string][] {
  const pairs = weightPairs(a, b);
  const at = (layer: Layer, i: number): string => shapeText(layer.weights[i]?.shape ?? null);
  const shapes = pairs.map(([i, j]): [string, string, string] => [
    a.weights[i]?.name ?? "",
    at(a, i),
    at(b, j),
  ]);
  const gone = a.weights.filter((_, i) => !pairs.some(([own]) => own === i));
  const come = b.weights.filter((_, j) => !pairs.some(([, own]) => own === j));
  return [
    ...shapes,
    ...gone.map(({ name, shape }): [string, string, string] => [name, shapeText(shape), "none"]),
    ...come.map(({ name, shape }): [string, string, string] => [name, "none", shapeText(shape)]),
  ];
}

/** What says nothing about the layer: where its numbers are, what a graph is made of. */
const SILENT: ReadonlySet<Op> = new Set<Op>(["weight", "constant", "input", "opaque"]);

/** Attributes of operations that a layer has once: `conv2d strides`. */
function attributes(nodes: readonly GraphNode[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { op, attrs } of nodes) {
    if (SILENT.has(op) || nodes.filter((node) => node.op === op).length > 1) continue;
    for (const [name, value] of Object.entries(attrs))
      found.set(`${op} ${name}`, Array.isArray(value) ? value.join(" × ") : String(value));
  }
  return found;
}

const operations = (nodes: readonly GraphNode[]): string =>
  nodes
    .filter(({ op }) => !SILENT.has(op))
    .map(({ op }) => op)
    .join(", ");
