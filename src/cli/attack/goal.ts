/** What an attack is about, as the command line says it. */
import { usageError } from "../../base/errors.ts";
import type { OpenModel } from "../../session/index.ts";
import type { OfOutput } from "../../shared/question.ts";
import { whereOf } from "../../shared/where.ts";
import type { Arguments } from "../arguments/parse.ts";
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
