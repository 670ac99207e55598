import type { Attack, AttackRequest } from "../../../src/shared/contract/experiments.ts";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import { compact, percent } from "../../common/format.ts";
import { className } from "../../common/search.ts";

export type Labels = readonly string[] | null;
export const nameOf = (index: number, labels: Labels): string =>
  className({ index, label: labels?.[index] ?? null });

/** The numbers of differential evolution; `paper` is the one of Su, Vargas and Sakurai. */
export const PRESETS = {
  quick: { title: "Quick", population: 60, generations: 20 },
  medium: { title: "Medium", population: 200, generations: 50 },
  paper: { title: "Paper", population: 400, generations: 100 },
} as const;
export type Preset = keyof typeof PRESETS;

type Size = Pick<AttackRequest, "method" | "population" | "generations">;

/** Pixels that a screen tries. */
const SCREENED = 256;

/** Evaluations at most: the first population and one child a parent in each generation; exact: 8 corners at every pixel. */
export function mostEvaluations(
  { method, population, generations }: Size,
  height: number,
  width: number,
): number {
  if (method === "screen") return 8 * Math.min(SCREENED, height * width);
  return method === "exact" ? 8 * height * width : population * (generations + 1);
}

/** Above this many pixels exact mode is not offered. */
const MOST_EXACT = 128 * 128;
export const exactRefusal = (height: number, width: number): string | null =>
  height * width <= MOST_EXACT
    ? null
    : `Exact tries 8 colours at every pixel: ${compact(8 * height * width)} evaluations at ${String(height)} × ${String(width)}. It is offered up to 128 × 128; above that, Preview tries the pixels that the gradient ranks first.`;

const share = (score: ClassScore | undefined): string => {
  const probability = score?.probability ?? null;
  return probability === null ? "?" : percent(probability);
};
const scoreText = (score: ClassScore | undefined): string => ` (${share(score)})`;

/** What came of it, in one sentence. */
export function outcome(attack: Attack, labels: Labels): string {
  const { success, pixels, target, trueClass, before, after, size, evaluations } = attack;
  const count = pixels.length === 1 ? "one pixel" : `${String(pixels.length)} pixels`;
  const own = nameOf(trueClass, labels);
  const [top] = after;
  if (success)
    return `Changing ${count} of ${(size[0] * size[1]).toLocaleString("en")} is enough: the network takes ${own}${scoreText(before[0])} for ${top ? nameOf(top.index, labels) : "another class"}${scoreText(top)}.`;
  const goal = target === null ? "changes its mind" : `says ${nameOf(target, labels)}`;
  const now = after.find(({ index }) => index === trueClass);
  const preview = attack.method === "screen" ? " Other pixels were not tried." : "";
  return `After ${evaluations.toLocaleString("en")} evaluations no ${pixels.length === 1 ? "pixel" : `choice of ${count}`} was found with which the network ${goal}: ${own} went from ${share(before[0])} to ${share(now)}.${preview}`;
}

export interface ClassChange {
  readonly index: number;
  readonly name: string;
  /** null where the class is not among those sent, or the model has no probabilities. */
  readonly before: number | null;
  readonly after: number | null;
}

/** The top classes of both, those of before first. */
export function classChanges(
  before: readonly ClassScore[],
  after: readonly ClassScore[],
): ClassChange[] {
  const find = (list: readonly ClassScore[], index: number): number | null =>
    list.find((score) => score.index === index)?.probability ?? null;
  const all = new Map([...before, ...after].map((score) => [score.index, score]));
  return [...all.values()].map((score) => ({
    index: score.index,
    name: className(score),
    before: find(before, score.index),
    after: find(after, score.index),
  }));
}
