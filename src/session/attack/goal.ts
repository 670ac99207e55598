/** What an attack is to do to a place in an output. */
import type { Goal } from "../../methods/attack/types.ts";
import { USUAL_THRESHOLDS } from "../../methods/outputs/index.ts";
import type { Scores } from "../../methods/types.ts";
import { at } from "../../base/at.ts";
import { usageError } from "../../base/errors.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { AttackQuestion, OfOutput } from "../../shared/question.ts";
import { whereText } from "../../shared/where.ts";
import { chosen } from "../explain/targets.ts";
import type { OpenModel } from "../open/model.ts";
import { aim, type Aim } from "../run/aim.ts";
import { pickClasses } from "../run/named-classes.ts";
import type { Fed, Runner } from "../run/runner.ts";

type Named = Pick<AttackQuestion, "trueClass" | "target">;

/** The place that is attacked; `named`: one of what is there is. Throws a ConvLensError for what is not there. */
export const attacked = (
  runner: Runner,
  fed: Fed,
  { output, where }: OfOutput,
  named: boolean,
): Promise<Aim> => aim(runner, fed, { output, where, named: where !== null && named });

/** Whether what is there is no class (points do not exclude each other at a position), so that there is no other: it can only grow or fall. */
export const isNumber = ({ output, pick }: Pick<Aim, "output" | "pick">): boolean =>
  output.classes === null ||
  output.kind === "heat-maps" ||
  pick?.number !== undefined ||
  pick?.direction !== undefined;

/** Both classes by their numbers, of texts as a person or an assistant writes them (null: none); of a number high is 1, and low 0. */
export function goalNamed(
  found: Aim,
  { truth, toward }: { readonly truth: string | null; readonly toward: string | null },
): Named {
  const { classes, where, output } = found;
  const isOne = classes.length === 1;
  if (isNumber(found) && truth !== null && (where === null || isOne))
    throw usageError(
      `The output '${output.spec.name}' (${output.kind}) has no classes there: leave the class out, and say high or low as what is to be reached (toward).`,
    );
  const trueClass = truth === null ? null : oneClass("class", truth, classes);
  const target =
    toward === null ? null : oneClass("toward", toward, isNumber(found) ? SIDES : classes);
  return { trueClass: trueClass?.index ?? null, target: target?.index ?? null };
}

const SIDES: readonly ClassScore[] = ["low", "high"].map((label, index) => ({
  ...{ index, label, logit: 0, probability: null },
}));

function oneClass(name: string, text: string, classes: readonly ClassScore[]): ClassScore {
  const picked = pickClasses(text, classes);
  if (picked.length > 1) throw usageError(`'${name}' takes one class.`);
  return at(picked, 0);
}

/** Throws a usage error for a class that is not there, and for a goal that is reached already. */
export function goalOf(found: Aim, { trueClass, target }: Named): Goal {
  const one = (index: number): number => at(chosen(found, [{ kind: "class", index }]), 0).index;
  if (isNumber(found)) {
    if (target !== null && target !== 0 && target !== 1)
      throw usageError("A number is no class: it is attacked toward 1 (up) or 0 (down).");
    const index = one(trueClass ?? at(found.ranked, 0).index);
    return { kind: "number", index, raise: target !== 0 };
  }
  const [top] = found.ranked;
  const truth = trueClass === null ? top?.index : one(trueClass);
  if (truth === undefined) throw usageError("No class is predicted anywhere, so none is attacked.");
  const { where } = found;
  if (where !== null && hasOneTop(found) && truth !== top?.index)
    throw usageError(
      `At ${whereText(where)} class ${top?.index} has the highest score, not ${truth}: only the class that the network gives can be attacked. Say --target ${whereText(where)},class:${top?.index} if that is the true class.`,
    );
  if (target !== null && at(found.classes, target).index === truth)
    throw usageError(
      where === null
        ? `The picture already is of the target class ${target}.`
        : `Class ${target} already has the highest score at ${whereText(where)}.`,
    );
  return { kind: "class", trueClass: truth, target, gone: goneBelow(found, truth) };
}

/** Whether one class has the highest score there; where classes are predicted each has a place of its own. */
const hasOneTop = ({ pick }: Aim): boolean => pick?.spot.kind !== "predicted";

/** A box with a lower score than a detector's threshold is not told of any more; in log-odds, as they are searched. */
function goneBelow({ output, where, classes, scores }: Aim, index: number): number | null {
  if (output.kind !== "detection" || where?.kind !== "box") return null;
  const { score } = USUAL_THRESHOLDS;
  const { logit } = at(classes, index);
  const isShare = scores.activation === null && logit >= 0 && logit <= 1;
  return isShare ? score : Math.log(score / (1 - score));
}

/**
 * The scores that are searched: all classes over the area where the true one is predicted, so that they can be compared, and means in
 * place of sums.
 */
export function searched(
  { outputs }: OpenModel,
  { output, scores, pick }: Aim,
  goal: Goal,
): Scores {
  const spot = pick?.spot;
  if (spot?.kind !== "predicted" && spot?.kind !== "region") return scores;
  const count = scores.classes;
  const index = goal.kind === "class" ? goal.trueClass : goal.index;
  const area =
    spot.kind === "region" ? spot.weights : spot.masks.filter((_, cell) => cell % count === index);
  const size = area.reduce((sum, weight) => sum + weight, 0);
  const weights = area.map((weight) => weight / size);
  return outputs.at(output, { ...pick, spot: { kind: "region", weights } });
}
