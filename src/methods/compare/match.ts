/** Which layer of one model is which of another. */
import type { LayerSummary } from "../../shared/contract/model.ts";

/** Layers that belong together, by their places in A's and B's lists. */
export interface Match {
  readonly a: number;
  readonly b: number;
  readonly by: "name" | "order";
}

/** Longer lists are matched by their names alone: the table would not fit. */
const MOST_CELLS = 9e6;
const ANCHORED = 1000;

/**
 * Layers by their names, then by their order: an alignment of both lists that keeps the order and makes the most of equal kinds and
 * shapes (Needleman and Wunsch 1970), with the layers of equal names as anchors. Names that a library numbers (`conv2d_3`) say little,
 * because they shift with every layer before: those are matched by order.
 */
export function matchLayers(a: readonly LayerSummary[], b: readonly LayerSummary[]): Match[] {
  const fits = a.length * b.length <= MOST_CELLS;
  const named = byName(a, b, fits ? (layer) => !isNumbered(layer) : () => true);
  const taken = new Set(named.values());
  const left = a.some((_, i) => !named.has(i)) && b.some((_, j) => !taken.has(j));
  const pairs = new Map(named);
  if (fits && left) for (const [i, j] of aligned(a, b, named, taken)) pairs.set(i, j);
  return [...pairs]
    .sort(([i], [j]) => i - j)
    .map(([i, j]) => ({
      a: i,
      b: j,
      by: a[i]?.name === b[j]?.name || named.has(i) ? "name" : "order",
    }));
}

/** By name, else by another name that a layer goes by (`conv1` is an alias of `/conv1/Conv`). */
function byName(
  a: readonly LayerSummary[],
  b: readonly LayerSummary[],
  counts: (layer: LayerSummary) => boolean,
): Map<number, number> {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  const places = new Map<string, number>();
  b.forEach((layer, j) => {
    for (const alias of layer.aliases) if (!places.has(alias)) places.set(alias, j);
  });
  b.forEach(({ name }, j) => places.set(name, j));
  for (const [i, layer] of a.entries()) {
    if (!counts(layer)) continue;
    const j = [layer.name, ...layer.aliases]
      .map((name) => places.get(name))
      .find((at) => at !== undefined);
    if (j === undefined || taken.has(j)) continue;
    pairs.set(i, j);
    taken.add(j);
  }
  return pairs;
}

/** Keras' own name for a layer that was given none: its class in snake case, with a number. */
function isNumbered({ name, className }: LayerSummary): boolean {
  const snake = className
    .replace(/(.)([A-Z][a-z0-9]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
  const own = name.split("/").at(-1) ?? name;
  return own.replace(/_\d+$/, "") === snake;
}

const weightsOf = ({ weights }: LayerSummary): string =>
  weights
    .map(({ shape }) => [...shape].sort((x, y) => x - y).join("x"))
    .sort()
    .join(" ");

interface Looks {
  readonly op: string;
  readonly name: string;
  readonly weights: string;
  readonly shape: string;
}
const looksOf = (layer: LayerSummary): Looks => ({
  op: layer.op === "other" ? layer.className : layer.op,
  name: layer.name,
  weights: weightsOf(layer),
  shape: (layer.mapShape ?? []).slice(1).join("x"),
});

/** 0: not the same kind of layer. */
function likeness(x: Looks, y: Looks): number {
  if (x.op !== y.op) return 0;
  return (
    1 +
    (x.weights === y.weights ? 2 : 0) +
    (x.shape === y.shape ? 1 : 0) +
    (x.name === y.name ? 1 : 0)
  );
}

function aligned(
  a: readonly LayerSummary[],
  b: readonly LayerSummary[],
  anchors: ReadonlyMap<number, number>,
  taken: ReadonlySet<number>,
): [number, number][] {
  const [left, right] = [a.map(looksOf), b.map(looksOf)];
  const columns = b.length + 1;
  const best = new Int32Array((a.length + 1) * columns);
  const score = (i: number, j: number): number => {
    const anchor = anchors.get(i);
    if (anchor !== undefined) return anchor === j ? ANCHORED : 0;
    const [x, y] = [left[i], right[j]];
    return x && y && !taken.has(j) ? likeness(x, y) : 0;
  };
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const here = i * columns + j;
      const both = score(i, j);
      const skip = Math.max(best[here + columns] ?? 0, best[here + 1] ?? 0);
      best[here] = both > 0 ? Math.max(skip, both + (best[here + columns + 1] ?? 0)) : skip;
    }
  const pairs: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const here = i * columns + j;
    const both = score(i, j);
    if (both > 0 && best[here] === both + (best[here + columns + 1] ?? 0)) {
      if (!anchors.has(i)) pairs.push([i, j]);
      i++;
      j++;
    } else if (best[here] === best[here + columns]) i++;
    else j++;
  }
  return pairs;
}
