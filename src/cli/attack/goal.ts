/** What an attack is about, as the command line says it. */
import { at } from "../../base/at.ts";
import { usageError } from "../../base/errors.ts";
import { isNumber, type Aim, type OpenModel } from "../../session/index.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { AttackQuestion, OfOutput } from "../../shared/question.ts";
import { whereOf } from "../../shared/where.ts";
import { pickClasses } from "../arguments/classes.ts";
import type { Arguments } from "../arguments/options.ts";
import { outputOf, placeOf } from "../arguments/target.ts";

/** The place that is attacked; the true class there and the one to reach are texts still. */
export interface Asked {
  readonly of: OfOutput;
  readonly truth: string | null;
  readonly toward: string | null;
}

/** A place, or, as it was called before --toward, the class to reach, is what --target says. Throws a usage error for what is said twice. */
export function askedOf({ values }: Arguments, model: OpenModel): Asked {
  const { target, toward, like, class: truth } = values;
  const output = outputOf(values, model);
  const alias = target !== undefined && whereOf(target) === null ? target : undefined;
  if (alias !== undefined && toward !== undefined)
    throw usageError("--toward says which class to reach: leave --target out.");
  const placed = alias === undefined ? values : like === undefined ? {} : { like };
  const { where, classes } = placeOf(placed);
  if (classes !== null && truth !== undefined)
    throw usageError(`--target ${String(target)} names a class already: leave --class out.`);
  return {
    of: { output, where },
    truth: classes ?? truth ?? null,
    toward: alias?.replace(/^class:/, "") ?? toward ?? null,
  };
}

/** Both classes by their numbers; of a number high is 1, and low 0. */
export function goalNamed(
  found: Aim,
  { truth, toward }: Asked,
): Pick<AttackQuestion, "trueClass" | "target"> {
  const { classes, where, output } = found;
  const isOne = classes.length === 1;
  if (isNumber(found) && truth !== null && (where === null || isOne))
    throw usageError(
      `The output '${output.spec.name}' (${output.kind}) has no classes there: leave --class out, and say --toward high or low.`,
    );
  const trueClass = truth === null ? null : oneClass("class", truth, classes);
  const target =
    toward === null ? null : oneClass("toward", toward, isNumber(found) ? SIDES : classes);
  return { trueClass: trueClass?.index ?? null, target: target?.index ?? null };
}

const SIDES: readonly ClassScore[] = ["low", "high"].map((label, index) => ({
  ...{ index, label, logit: 0, probability: null },
}));

function oneClass(option: string, text: string, classes: readonly ClassScore[]): ClassScore {
  const picked = pickClasses(text, classes);
  if (picked.length > 1) throw usageError(`--${option} takes one class.`);
  return at(picked, 0);
}
