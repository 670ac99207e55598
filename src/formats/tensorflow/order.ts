/** Which operations of a body are needed, in an order in which each comes after what it takes. */
import { append } from "../../base/append.ts";
import { at } from "../../base/at.ts";
import { Impossible } from "../lower/unsupported.ts";
import { nodeOf, valuesOf } from "./references.ts";
import type { TfNode } from "./types.ts";

/**
 * Throws `Impossible` where operations wait for each other: no graph of TensorFlow has a circle but through `NextIteration`, the way back
 * of a loop. `among`: the names that count.
 */
export function refuseCircles(
  nodes: readonly TfNode[],
  byName: ReadonlyMap<string, TfNode>,
  among: ReadonlySet<string>,
): void {
  const turns = (name: string): boolean => /^(Ref)?NextIteration$/.test(byName.get(name)?.op ?? "");
  const needed = nodes.filter(({ name }) => among.has(name));
  const takers = takersOf(needed);
  const waiting = new Map(
    needed.map((node) => [
      node.name,
      new Set(sourcesOf(node).filter((name) => among.has(name) && !turns(name))),
    ]),
  );
  const ready = [...waiting].filter(([, left]) => left.size === 0).map(([name]) => name);
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    waiting.delete(name);
    for (const taker of takers.get(name) ?? []) {
      const left = waiting.get(taker.name);
      if (left?.delete(name) && left.size === 0) ready.push(taker.name);
    }
  }
  // what is left waits for what is left: one step back after another leads into the circle
  let [name] = waiting.keys();
  if (name === undefined) return;
  const met = new Set<string>();
  while (!met.has(name)) {
    met.add(name);
    [name = name] = waiting.get(name) ?? [];
  }
  const [before = name] = waiting.get(name) ?? [];
  throw new Impossible(`its operations '${name}' and '${before}' wait for each other`);
}

/** Names of the operations whose values one takes. */
const sourcesOf = (node: TfNode): string[] => valuesOf(node).map(nodeOf);

/** By the name of an operation those that take what it makes, as often as they do. */
export function takersOf(nodes: readonly TfNode[]): ReadonlyMap<string, readonly TfNode[]> {
  const takers = new Map<string, TfNode[]>();
  for (const node of nodes) for (const name of sourcesOf(node)) append(takers, name, node);
  return takers;
}

/** Throws `Impossible` where two nodes have one name: TensorFlow takes neither, and either could be meant. */
export function byNames(nodes: readonly TfNode[]): Map<string, TfNode> {
  const all = new Map<string, TfNode>();
  for (const node of nodes) {
    if (all.has(node.name))
      throw new Impossible(`two of its operations are called '${node.name.slice(0, 200)}'`);
    all.set(node.name, node);
  }
  return all;
}

/** The nodes that `wanted` need and that are not `given`; the file's own order where it is one. Without recursion: files are not trusted. */
export function ordered(
  nodes: readonly TfNode[],
  byName: ReadonlyMap<string, TfNode>,
  wanted: readonly string[],
  given: ReadonlySet<string>,
): TfNode[] {
  const needed = new Set<string>();
  const stack = wanted.map(nodeOf);
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    const node = byName.get(name);
    if (!node || needed.has(name) || given.has(name)) continue;
    needed.add(name);
    stack.push(...sourcesOf(node));
  }
  refuseCircles(nodes, byName, needed);
  const out: TfNode[] = [];
  const state = new Map<string, "open" | "done">();
  for (const first of nodes) {
    if (!needed.has(first.name)) continue;
    const path = [first.name];
    while (path.length > 0) {
      const name = at(path, -1);
      const node = byName.get(name);
      if (!node || state.get(name) === "done") {
        path.pop();
        continue;
      }
      const fresh = state.get(name) === "open";
      // an input that is open already closes a loop: it stays without a value
      const next = fresh ? [] : sourcesOf(node).filter((id) => needed.has(id) && !state.has(id));
      state.set(name, "open");
      if (next.length > 0) path.push(...next.reverse());
      else {
        state.set(name, "done");
        out.push(node);
        path.pop();
      }
    }
  }
  return out;
}
