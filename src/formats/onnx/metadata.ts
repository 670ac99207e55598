/** What exporters write beside a network, as texts under keys: what it is for and, as Ultralytics does, the names of its classes. */
import type { ModelGraph } from "../../graph/index.ts";

const MOST_CHARACTERS = 1 << 20;
const ENTRY = /(\d{1,6})\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;

/** The facts that `metadata_props` hold; what cannot be read tells nothing. */
export function factsOf(
  metadata: ReadonlyMap<string, string>,
): Pick<ModelGraph, "labels" | "task" | "anchors"> {
  const task = metadata.get("task");
  const labels = namesOf(metadata.get("names") ?? "");
  const anchors = anchorsOf(metadata.get("anchors") ?? "");
  return {
    ...(task !== undefined && /^[a-z]{1,20}$/.test(task) && { task }),
    ...(labels && { labels }),
    ...(anchors && { anchors }),
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

const MOST_ANCHORS = 200;

/** Lists of widths and heights, `[[10, 13, 16, 30], [30, 61, 62, 45]]`, one after another; null for anything else. */
function anchorsOf(text: string): number[] | null {
  if (text.length > 10_000 || !/^[\s[\](),.\d]+$/.test(text)) return null;
  const numbers = [...text.matchAll(/\d+(?:\.\d+)?/g)].map(([one]) => Number(one));
  const fits = numbers.length > 0 && numbers.length % 2 === 0 && numbers.length <= MOST_ANCHORS;
  return fits && numbers.every((one) => one > 0) ? numbers : null;
}
