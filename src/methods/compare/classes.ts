import type { Both } from "../../shared/contract/compare.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";

/** The same class in A and in B; null where that side has none such. */
export type ClassPair = Both<ClassScore | null>;

/**
 * Which class of one model is which of the other: by number where both have as many, else by label. Both lists are in class order; so
 * is the result, what only B has at its end.
 */
export function pairClasses(a: readonly ClassScore[], b: readonly ClassScore[]): ClassPair[] {
  if (a.length === b.length) return a.map((score, i): ClassPair => [score, b[i] ?? null]);
  const byLabel = new Map(
    b.flatMap((score) => (score.label === null ? [] : [[score.label, score]])),
  );
  const taken = new Set<ClassScore>();
  const pairs = a.map((score): ClassPair => {
    const other = score.label === null ? undefined : byLabel.get(score.label);
    if (other) taken.add(other);
    return [score, other ?? null];
  });
  return [
    ...pairs,
    ...b.filter((score) => !taken.has(score)).map((score): ClassPair => [null, score]),
  ];
}

const weight = (score: ClassScore | null): number =>
  score === null ? -Infinity : (score.probability ?? score.logit);

/** The `count` pairs that are most likely on either side, best first. */
export const topPairs = (pairs: readonly ClassPair[], count: number): ClassPair[] =>
  [...pairs]
    .sort(([a, b], [c, d]) => Math.max(weight(c), weight(d)) - Math.max(weight(a), weight(b)))
    .slice(0, count);

/** Half the sum of |p_b - p_a| (total variation, 0..1); null where a side has no probabilities. */
export function totalVariation(pairs: readonly ClassPair[]): number | null {
  const all = pairs.flat().filter((score) => score !== null);
  if (all.length === 0 || all.some(({ probability }) => probability === null)) return null;
  const apart = pairs.map(([a, b]) => Math.abs((b?.probability ?? 0) - (a?.probability ?? 0)));
  return apart.reduce((sum, each) => sum + each, 0) / 2;
}
