import { usageError } from "../../base/errors.ts";
import type { OpenModel } from "../../session/index.ts";
import { parseTarget, type Where } from "../../shared/where.ts";
import { namesClasses } from "./classes.ts";
import type { Arguments } from "./options.ts";

/** What --output, --target and --class say: classes are text still, numbers, labels or `top`. */
export interface TargetText {
  readonly output: string | null;
  readonly where: Where | null;
  readonly classes: string;
  /** Whether classes are named, rather than the most likely ones. */
  readonly named: boolean;
}

/** Throws a usage error for an output that is not there, and for a class that is named twice. */
export function targetOf({ values }: Arguments, model: OpenModel): TargetText {
  const { target, class: ofOption, output } = values;
  const { where, classes } =
    target === undefined ? { where: null, classes: null } : parseTarget(target);
  if (classes !== null && ofOption !== undefined)
    throw usageError(`--target ${target} names a class already: leave --class out.`);
  const text = classes ?? ofOption ?? "top";
  return {
    output: output === undefined ? null : model.outputs.find(output).spec.name,
    ...{ where, classes: text, named: namesClasses(text) },
  };
}
