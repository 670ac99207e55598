import { inputError, usageError } from "../../base/errors.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { Target, Targets } from "../../shared/question.ts";
import type { Aim } from "../run/aim.ts";

/** The classes that are asked for; throws a ConvLensError for one that is not at the place. */
export function chosen({ classes, ranked, output, where }: Aim, targets: Targets): ClassScore[] {
  if ("top" in targets) return ranked.slice(0, targets.top);
  return targets.map(({ index }: Target) => {
    const score = classes[index];
    if (score && where?.kind === "predicted" && !ranked.includes(score))
      throw inputError(
        `Class ${index} is the most likely at no position of '${output.spec.name}'; those that are: ${ranked.map((one) => one.index).join(", ")}.`,
      );
    if (score) return score;
    const of = output.kind === "classes" ? "" : ` of the output '${output.spec.name}'`;
    throw usageError(`Class ${index} is outside 0..${classes.length - 1}${of}.`);
  });
}
