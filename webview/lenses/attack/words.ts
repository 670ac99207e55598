import type { Attack } from "../../../src/shared/contract/experiments.ts";
import type { Both } from "../../../src/shared/contract/compare.ts";
import type { ClassScore } from "../../../src/shared/contract/lenses.ts";
import type { AttackQuestion } from "../../../src/shared/question.ts";
import { className, compact, grouped, num, percent, plural, t } from "../../common/text/index.ts";

/** The model's labels in the order of classes; null where it has none. */
export type Labels = readonly string[] | null;
/** A class' label, or `class 285` where the model has none. */
export const nameOf = (index: number, labels: Labels): string =>
  className({ index, label: labels?.[index] ?? null });

/** The numbers of differential evolution; `paper` is the one of Su, Vargas and Sakurai. */
export const PRESETS = {
  quick: { title: t("Quick"), population: 60, generations: 20 },
  medium: { title: t("Medium"), population: 200, generations: 50 },
  paper: { title: t("Paper"), population: 400, generations: 100 },
} as const;
/** Ids of the sizes of differential evolution that a menu offers. */
export type Preset = keyof typeof PRESETS;

/** Something else to try, in words, and how. */
export interface NextTry {
  readonly text: string;
  readonly run: () => void;
}

type Size = Pick<AttackQuestion, "method" | "population" | "generations">;

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
/** Why exact mode is not offered for an input of this size; null where it is. */
export const exactRefusal = (height: number, width: number): string | null =>
  height * width <= MOST_EXACT
    ? null
    : t(
        "Exact tries 8 colours at every pixel: {0} evaluations at {1} × {2}. It is offered up to 128 × 128; above that, Preview tries the pixels that the gradient ranks first.",
        compact(8 * height * width),
        height,
        width,
      );

const share = (score: ClassScore | undefined): string => {
  const probability = score?.probability ?? null;
  return probability === null ? "?" : percent(probability);
};

/** What came of it, in one sentence. */
export function outcome(attack: Attack, labels: Labels): string {
  const { success, pixels, target, trueClass, before, after, size, value } = attack;
  if (value) return valueOutcome(attack, value);
  const own = nameOf(trueClass, labels);
  const [top] = after;
  if (success)
    return plural(
      pixels.length,
      "Changing one pixel of {1} is enough: the network takes {2} ({3}) for {4} ({5}).",
      "Changing {0} pixels of {1} is enough: the network takes {2} ({3}) for {4} ({5}).",
      grouped(size[0] * size[1]),
      own,
      share(before[0]),
      top ? nameOf(top.index, labels) : t("another class"),
      share(top),
    );
  const now = after.find(({ index }) => index === trueClass);
  const tried = [grouped(attack.evaluations), own, share(before[0]), share(now)] as const;
  const failed =
    target === null
      ? plural(
          pixels.length,
          "After {1} evaluations no pixel was found with which the network changes its mind: {2} went from {3} to {4}.",
          "After {1} evaluations no choice of {0} pixels was found with which the network changes its mind: {2} went from {3} to {4}.",
          ...tried,
        )
      : plural(
          pixels.length,
          "After {1} evaluations no pixel was found with which the network says {5}: {2} went from {3} to {4}.",
          "After {1} evaluations no choice of {0} pixels was found with which the network says {5}: {2} went from {3} to {4}.",
          ...tried,
          nameOf(target, labels),
        );
  return attack.method === "screen" ? `${failed} ${t("Other pixels were not tried.")}` : failed;
}

function valueOutcome(
  { success, pixels, probability, evaluations }: Attack,
  { name, before, raise }: NonNullable<Attack["value"]>,
): string {
  const [from, to] = [num(before), num(probability)];
  if (!success)
    return t(
      "After {0} evaluations nothing was found that moves {1} from {2}.",
      grouped(evaluations),
      name,
      from,
    );
  return raise
    ? plural(
        pixels.length,
        "Changing one pixel raises {1} from {2} to {3}.",
        "Changing {0} pixels raises {1} from {2} to {3}.",
        name,
        from,
        to,
      )
    : plural(
        pixels.length,
        "Changing one pixel lowers {1} from {2} to {3}.",
        "Changing {0} pixels lowers {1} from {2} to {3}.",
        name,
        from,
        to,
      );
}

/** The top classes of both, those of before first; null where a class is not among those sent. */
export function classesOfBoth(
  before: readonly ClassScore[],
  after: readonly ClassScore[],
): Both<ClassScore | null>[] {
  const find = (list: readonly ClassScore[], index: number): ClassScore | null =>
    list.find((score) => score.index === index) ?? null;
  const indices = new Set([...before, ...after].map(({ index }) => index));
  return [...indices].map((index) => [find(before, index), find(after, index)]);
}
