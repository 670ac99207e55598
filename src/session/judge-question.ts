import { usageError } from "../base/errors.ts";
import { ATTACKS, ATTRIBUTIONS, CAM_METHODS, RECIPES } from "../shared/catalogue.ts";
import type { MethodOptions, WholeNumber } from "../shared/method.ts";
import type { Question } from "../shared/question.ts";

/** More steps, samples, masks or candidates are a number by mistake: they would fill the memory before they can be cancelled. */
const MOST = 10_000;

const METHODS: { readonly [K in Question["kind"]]: Readonly<Record<string, unknown>> } = {
  cam: CAM_METHODS,
  attribute: ATTRIBUTIONS,
  attack: ATTACKS,
  maximize: RECIPES,
};

/**
 * Holds the method and the numbers of a question against what the catalogue says of them. Panels' fields and the command line's options keep to
 * that; a page that was taken over sends any. Throws a ConvLensError of kind `usage`.
 */
export function judgeQuestion(question: Question): void {
  const methods = Object.hasOwn(METHODS, question.kind) ? METHODS[question.kind] : {};
  const method = question.kind === "maximize" ? question.recipe : question.method;
  if (!Object.hasOwn(methods, method))
    throw usageError(`There is no method '${method}' of '${question.kind}'.`);
  const { options } = methods[method] as { readonly options: MethodOptions };
  switch (question.kind) {
    case "cam":
      return;
    case "attribute":
      judgeNumber("steps", question.steps, options.steps);
      return;
    case "maximize":
      judgeNumber("steps", question.steps, options.steps);
      return;
    case "attack":
      judgeNumber("pixels", question.pixels, options.pixels);
      judgeNumber("population", question.population, options.population);
      judgeNumber("generations", question.generations, options.steps);
  }
}

/** null: the method's own number. What a method does not take has no effect, and is not judged. */
function judgeNumber(name: string, value: unknown, takes: WholeNumber | undefined): void {
  if (!takes || value === null) return;
  if (Number.isInteger(value) && Number(value) >= takes.least && Number(value) <= MOST) return;
  throw usageError(`${name} is a whole number from ${takes.least} to ${MOST}.`);
}
