import type { Node } from "web-tree-sitter";
import type { Built } from "../script-layer.ts";
import type { Arguments } from "./values.ts";
import type { Interpreter } from "./interpreter.ts";
import { items } from "./sequences.ts";
import type { ContainerValue, Value } from "./values.ts";

/** A `Sequential`, `ModuleList` or `ModuleDict` with what it is given. */
export function contained(
  py: Interpreter,
  built: Built,
  args: Arguments,
  at: Node,
): ContainerValue {
  const made: ContainerValue = { kind: "container", built, children: new Map() };
  const [first, second] = args.positional;
  const given = first ?? args.named.get("layers");
  if (given?.kind === "dict")
    for (const [key, value] of given.entries) made.children.set(key, value);
  else if (given?.kind === "list" && !second) for (const value of given.items) addTo(made, value);
  else for (const value of args.positional) addTo(made, value);
  py.foundModel(made, built.library, at);
  return made;
}

/** Puts `value` behind the last child, under the next number as its key. */
export function addTo(container: ContainerValue, value: Value): void {
  container.children.set(String(container.children.size), value);
}

/** What comes out of `callee` (or of something unknown) when it is called with tensors among its arguments. */
export function tensorThrough(callee: Value | null, args: Arguments): Value {
  const through = new Set<Built>();
  const collect = (value: Value): void => {
    if (value.kind === "tensor") for (const built of value.through) through.add(built);
    else if (value.kind === "list") value.items.forEach(collect);
    else if (value.kind === "dict") [...value.entries.values()].forEach(collect);
  };
  [...args.positional, ...args.named.values()].forEach(collect);
  if (callee) for (const { built } of layersIn(callee)) through.add(built);
  return through.size === 0 && !callee ? { kind: "unknown" } : { kind: "tensor", through };
}

/** The layers that `value` holds, in order, each with its path; an object that holds itself is looked into once. */
export function layersIn(
  value: Value,
  path: readonly string[] = [],
  seen: ReadonlySet<Value> = new Set(),
): { built: Built; path: readonly string[] }[] {
  if (seen.has(value)) return [];
  const inside = new Set([...seen, value]);
  const all = (entries: Iterable<readonly [string, Value]>): ReturnType<typeof layersIn> =>
    [...entries].flatMap(([key, child]) => layersIn(child, [...path, key], inside));
  switch (value.kind) {
    case "layer":
      return [{ built: value.built, path }];
    case "container":
      return all(value.children);
    case "instance":
      return all(value.attributes);
    case "tensor":
      return [...value.through].map((built) => ({ built, path: [] }));
    case "list":
      return all((items(value) ?? []).map((item, i) => [String(i), item] as const));
    case "dict":
      return all(value.entries);
    default:
      return [];
  }
}
