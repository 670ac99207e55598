import { list, number, text, type Value } from "./values.ts";

/** What a loop over `value` goes through; null where that is not known. */
export function items(value: Value): readonly Value[] | null {
  switch (value.kind) {
    case "list":
      // a body may append to what it goes through
      return [...value.items];
    case "dict":
      return [...value.entries.keys()].map(text);
    case "container":
      return [...value.children.values()];
    case "text":
      return value.value.includes("*") ? null : Array.from(value.value, text);
    default:
      return null;
  }
}

const MOST_ROUNDS = 2048;

/** `range(...)`; null where an end is not known. */
export function range(args: readonly Value[]): Value | null {
  const ends = args.map((arg) => (arg.kind === "number" ? arg.value : null));
  if (!ends.every((end) => end !== null) || ends.length === 0) return null;
  const [first = 0, second, step = 1] = ends;
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const count = Math.max(0, Math.min(MOST_ROUNDS, Math.ceil((stop - start) / (step || 1))));
  return list(Array.from({ length: count }, (_, i) => number(start + i * (step || 1))));
}

/** `value[key]`; null where that is not known. */
export function element(value: Value, key: Value): Value | null {
  if (value.kind === "dict")
    return key.kind === "text" || key.kind === "number"
      ? (value.entries.get(String(key.value)) ?? null)
      : null;
  const all = items(value);
  return all && key.kind === "number" ? (all.at(key.value) ?? null) : null;
}

/** `value[from:to]`; null where that is not known. */
export function part(value: Value, from: Value | null, to: Value | null): Value | null {
  const all = items(value);
  const end = (given: Value | null): number | null | undefined =>
    given === null ? undefined : given.kind === "number" ? given.value : null;
  const [first, last] = [end(from), end(to)];
  if (!all || first === null || last === null) return null;
  const cut = all.slice(first, last);
  return value.kind === "text"
    ? text(cut.map((c) => ("value" in c ? c.value : "")).join(""))
    : list(cut);
}
