/** What exporters write beside a network, as texts under keys: what it is for and, as Ultralytics does, the names of its classes. */
import type { ModelGraph } from "../../graph/index.ts";

const MOST_CHARACTERS = 1 << 20;
const ENTRY = /(\d{1,6})\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;

/** The facts that `metadata_props` hold; what cannot be read tells nothing. */
export function factsOf(
  metadata: ReadonlyMap<string, string>,
): Pick<ModelGraph, "labels" | "task"> {
  const task = metadata.get("task");
  const labels = namesOf(metadata.get("names") ?? "");
  return {
    ...(task !== undefined && /^[a-z]{1,20}$/.test(task) && { task }),
    ...(labels && { labels }),
  };
}

/** `{0: 'person', 1: 'bicycle'}`, numbered without a gap; null for anything else. */
function namesOf(text: string): string[] | null {
  if (text.length > MOST_CHARACTERS || !/^\s*\{/.test(text)) return null;
  const names = new Map<number, string>();
  for (const [, number, single, double] of text.matchAll(ENTRY))
    names.set(Number(number), (single ?? double ?? "").replaceAll(/\\(.)/g, "$1"));
  const list = Array.from({ length: names.size }, (_, i) => names.get(i));
  return list.length > 0 && list.every((name) => name !== undefined) ? list : null;
}
