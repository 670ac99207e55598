/** What an output says of one picture, by its kind. */
import { at } from "../../base/at.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { Pair } from "../../graph/index.ts";
import type { Answer, Named, OutputKind, Thresholds } from "../../shared/contract/outputs.ts";
import { detected, type DetectorTables } from "./boxes.ts";
import type { Output } from "./types.ts";

/** Values of an output for one picture. */
export interface Told {
  readonly output: Output;
  /** The file's own numbers, [1, places, numbers]. */
  readonly values: FloatTensor;
  /** Class scores before their activation, [1, places, classes]. */
  readonly scores: FloatTensor;
  readonly detector: DetectorTables;
  /** Rows and columns of the network's picture. */
  readonly size: Pair;
  readonly labels: readonly string[] | null;
  readonly thresholds: Thresholds;
}

const SHOWN = 8;

const ANSWERS: { readonly [K in OutputKind]: (told: Told) => Answer & { kind: K } } = {
  classes: () => ({ kind: "classes" }),
  regression: ({ values }) => ({ kind: "regression", values: [...values.data] }),
  embedding: ({ values, output }) => {
    const vector = vectorOf(output, values);
    const norm = Math.hypot(...vector.slice(0, 100_000));
    return { kind: "embedding", size: vector.length, norm, first: vector.slice(0, SHOWN) };
  },
  segmentation: ({ output, scores, labels }) => {
    const [rows, columns] = output.grid ?? [1, output.places];
    const classes = bestOf(scores, output.choice === "two");
    const counts = new Map<number, number>();
    for (const index of classes) counts.set(index, (counts.get(index) ?? 0) + 1);
    const areas = [...counts]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .map(([index, positions]) => ({
        ...{ ...named(labels, index), positions, share: positions / classes.length },
      }));
    const ranks = new Map(areas.map(({ index }, rank) => [index, Math.min(rank, 255)]));
    const map = Uint8Array.from(classes, (index) => ranks.get(index) ?? 255);
    return { kind: "segmentation", grid: [rows, columns], areas, map };
  },
  detection: ({ output, detector, size, labels, thresholds }) =>
    detected(output, detector, {
      ...{ size, thresholds, labels },
      name: (index) => named(labels, index),
    }),
  "heat-maps": ({ output, values, labels }) => {
    const [rows, columns] = output.grid ?? [1, output.places];
    const points = Array.from({ length: output.numbers }, (_, index) => {
      let best = 0;
      const value = (place: number): number => at(values.data, place * output.numbers + index);
      for (let place = 1; place < output.places; place++)
        if (value(place) > value(best)) best = place;
      const cell = { row: Math.floor(best / columns), column: best % columns };
      return { ...named(labels, index), ...cell, value: value(best) };
    });
    return { kind: "heat-maps", points, grid: [rows, columns] };
  },
  sequence: ({ output, values, scores, labels }) => {
    const best = bestOf(scores, false);
    const steps = [...best].map((index, step) => ({
      ...{ ...named(labels, index), score: at(values.data, step * output.numbers + index) },
    }));
    return { kind: "sequence", steps, ...spelled(steps, output.numbers) };
  },
  unknown: ({ values, output }) => {
    let [min, max, sum] = [Infinity, -Infinity, 0];
    for (const value of values.data)
      [min, max, sum] = [Math.min(min, value), Math.max(max, value), sum + value];
    const mean = sum / values.data.length;
    const { fileShape, shape } = output.spec;
    return {
      ...{ kind: "unknown", shape: fileShape ?? shape, min, max, mean },
      first: [...values.data.slice(0, SHOWN)],
    };
  },
};

/** What the output says. */
export const answerOf = (told: Told): Answer => ANSWERS[told.output.kind](told);

const named = (labels: readonly string[] | null, index: number): Named => ({
  index,
  label: labels?.[index] ?? null,
});

/** An embedding whose values are [1, places, numbers]: of maps the mean of each number over the places. */
export const vectorOf = ({ grid }: Output, values: FloatTensor): readonly number[] =>
  grid ? meansOf(values) : [...values.data];

/** The mean of each number over the places. */
function meansOf({ shape, data }: FloatTensor): number[] {
  const [, places = 1, numbers = 1] = shape;
  const sums = new Array<number>(numbers).fill(0);
  data.forEach((value, i) => (sums[i % numbers] = at(sums, i % numbers) + value));
  return sums.map((sum) => sum / places);
}

/** The class with the highest score at each place; of one score, 1 where it is above 0. */
function bestOf({ shape, data }: FloatTensor, two: boolean): Int32Array {
  const [, places = 1, width = 1] = shape;
  return Int32Array.from({ length: places }, (_, place) => {
    if (two) return Number(at(data, place) > 0);
    const first = place * width;
    let best = first;
    for (let i = first + 1; i < first + width; i++) if (at(data, i) > at(data, best)) best = i;
    return best - first;
  });
}

/** Greedy CTC (Graves et al. 2006): repeats are one symbol, blanks none. */
function spelled(
  steps: readonly Named[],
  count: number,
): { symbols: Named[]; blank: number; text: string | null } {
  const times = (index: number): number => steps.filter((step) => step.index === index).length;
  const blank = times(0) >= times(count - 1) ? 0 : count - 1;
  const symbols = steps
    .filter((step, i) => step.index !== steps[i - 1]?.index && step.index !== blank)
    .map(({ index, label }) => ({ index, label }));
  const known = symbols.every(({ label }) => label !== null);
  return { symbols, blank, text: known ? symbols.map(({ label }) => label).join("") : null };
}
