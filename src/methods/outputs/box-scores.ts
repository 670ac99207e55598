/** What of a box's numbers is its class, and how sure: sigmoids, logits, or a softmax in which one class is none. */
import { at } from "../../base/at.ts";
import type { Output } from "./types.ts";

/** The surest class of a box, from 0, and its probability. */
interface Best {
  readonly best: number;
  readonly score: number;
}
interface Scores {
  readonly of: (row: Float32Array) => Best;
  /** The same of every class. */
  readonly each: (row: Float32Array) => Best[];
  /** What was taken for granted, in a sentence; empty: nothing. */
  readonly read: string;
}

/** `length` whole numbers from `from` on. */
const range = (length: number, from: number): number[] =>
  Array.from({ length }, (_, i) => from + i);

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

type Labels = readonly string[] | null;

/** How the scores of the boxes in a table [places * numbers] are read; `labels`: the classes' names, where they are known. */
export function scoresOf(output: Output, data: Float32Array, labels: Labels): Scores {
  const { numbers, classes, boxes, choice } = output;
  const [from, to] = classes ?? [0, numbers];
  const raw = isRaw(data, output);
  const none = noneOf(output, data, labels);
  const best = (row: Float32Array): number => {
    let found = from === none ? from + 1 : from;
    for (let i = found + 1; i < to; i++) if (i !== none && at(row, i) > at(row, found)) found = i;
    return found;
  };
  // sigmoids stand for themselves, beside one of a class that is called none
  const apart = choice === "several" && !isExclusive(output) && boxes?.none === undefined;
  if (none !== null && !apart) {
    const shares = (row: Float32Array): number => {
      const most = Math.max(...row.subarray(from, to));
      return row.subarray(from, to).reduce((sum, value) => sum + Math.exp(value - most), 0);
    };
    const scored = (row: Float32Array, column: number): Best => {
      const most = Math.max(...row.subarray(from, to));
      const score = raw ? Math.exp(at(row, column) - most) / shares(row) : at(row, column);
      return { best: column - from, score };
    };
    const columns = range(to - from, from).filter((column) => column !== none);
    return {
      of: (row) => scored(row, best(row)),
      each: (row) => columns.map((column) => scored(row, column)),
      read: `Class ${none - from}, ${whyNone(labels, none - from)}, is taken for 'no object'${raw ? ", and scores are logits, put through a softmax" : ""}.`,
    };
  }
  const probability = raw ? sigmoid : (value: number): number => value;
  const objectness = boxes?.objectness ?? null;
  const scored = (row: Float32Array, column: number): Best => {
    const sure = objectness === null ? 1 : probability(at(row, objectness));
    return { best: column - from, score: sure * probability(at(row, column)) };
  };
  return {
    of: (row) => scored(row, best(row)),
    each: (row) =>
      range(to - from, from)
        .filter((column) => column !== none)
        .map((column) => scored(row, column)),
    read: [
      raw && "Scores are logits, put through a sigmoid.",
      none !== null &&
        `Class ${none - from}, ${whyNone(labels, none - from)}, is taken for 'no object'.`,
    ]
      .filter(Boolean)
      .join(" "),
  };
}

const NOTHING = /^[\W_]*(back_?ground|bg|no[\s_-]?object)[\W_]*$/i;
const whyNone = (labels: Labels, index: number): string => {
  const name = labels?.[index];
  return name !== undefined && NOTHING.test(name)
    ? `which is called '${name}'`
    : "which most boxes are the likeliest to be";
};

/** Whether a box is of one class, or of none: by a softmax, or since nothing is suppressed. */
const isExclusive = ({ choice, boxes }: Output): boolean =>
  choice === "one" || boxes?.suppression === "none";

/** Whether scores are logits still. */
function isRaw(data: Float32Array, { numbers, classes, boxes }: Output): boolean {
  const [from, to] = classes ?? [0, numbers];
  return data.some((value, i) => {
    const column = i % numbers;
    const score = (column >= from && column < to) || column === boxes?.objectness;
    return score && (value < -1e-3 || value > 1.001);
  });
}

/**
 * The column of the class that stands for no object: the one that its name says so of; else a softmax says one of a box, so that most boxes
 * have to be none, which is the first (SSD) or the last (DETR) class, if most are. null: there is none.
 */
export function noneOf(output: Output, data: Float32Array, labels: Labels): number | null {
  const { numbers, classes, boxes } = output;
  if (boxes?.none !== undefined) return boxes.none;
  const [from, to] = classes ?? [0, numbers];
  const named = labels?.length === to - from ? labels.findIndex((name) => NOTHING.test(name)) : -1;
  if (named >= 0 && to - from > 1) return from + named;
  const places = data.length / numbers;
  if (!isExclusive(output) || to - from < 2 || boxes?.named !== null || boxes.ids !== null)
    return null;
  let [first, last] = [0, 0];
  for (let place = 0; place < places; place++) {
    const row = data.subarray(place * numbers + from, place * numbers + to);
    const most = Math.max(...row);
    if (at(row, 0) === most) first++;
    else if (at(row, row.length - 1) === most) last++;
  }
  if (Math.max(first, last) <= places / 2) return null;
  return last >= first ? to - 1 : from;
}
