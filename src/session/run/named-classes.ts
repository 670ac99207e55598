import type { ClassScore } from "../../shared/contract/lenses.ts";
import { topClasses } from "../../methods/predict/index.ts";
import { nearest, usageError } from "../../base/errors.ts";

/**
 * The classes that a text names: `top`, `top:K`, class numbers or labels, with commas between (a label may hold commas itself).
 * `classes` are all, in class order; `ranked` those that are meant by `top` first. Throws a usage error that lists the nearest labels.
 */
export function pickClasses(
  text: string,
  classes: readonly ClassScore[],
  ranked: readonly ClassScore[] = topClasses(classes, classes.length),
): ClassScore[] {
  const whole = byLabel(text, classes);
  return whole
    ? [whole]
    : text.split(",").flatMap((part) => pickSome(part.trim(), classes, ranked));
}

function pickSome(
  text: string,
  classes: readonly ClassScore[],
  ranked: readonly ClassScore[],
): ClassScore[] {
  const count = Number(/^top(?::(\d+))?$/.exec(text)?.[1] ?? (text === "top" ? 1 : 0));
  if (count === 0) return [pickOne(text, classes)];
  if (ranked.length === 0) throw usageError("The model has no classes.");
  return ranked.slice(0, count);
}

/** Whether a text names classes, rather than the most likely ones. */
export const namesClasses = (text: string): boolean =>
  text.split(",").some((part) => !/^top(:\d+)?$/.test(part.trim()));

function pickOne(text: string, classes: readonly ClassScore[]): ClassScore {
  if (/^\d+$/.test(text)) {
    const score = classes[Number(text)];
    if (!score) throw usageError(`Class ${text} is outside 0..${classes.length - 1}.`);
    return score;
  }
  const labelled = byLabel(text, classes);
  if (labelled) return labelled;
  const labels = classes.flatMap(({ label }) => label ?? []);
  if (labels.length === 0)
    throw usageError(
      `Class '${text}' is no number, and the model's labels are not known: give them with --labels FILE.`,
    );
  throw usageError(
    `There is no class '${text}'; the nearest labels are ${nearest(text, labels).join(", ")}.`,
  );
}

function byLabel(text: string, classes: readonly ClassScore[]): ClassScore | null {
  const lower = text.toLowerCase();
  const found = classes.filter(({ label }) => label?.toLowerCase() === lower);
  if (found.length > 1)
    throw usageError(
      `${found.length} classes are called '${text}': give the number (${found.map(({ index }) => index).join(" or ")}).`,
    );
  return found[0] ?? null;
}
