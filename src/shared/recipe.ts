/** The file that says how a maximised picture was made: the panel and `convlens maximize` write it, and both take it back. */
import { RECIPES, type RecipeName } from "./catalogue.ts";
import type { MaximizeOptions, MaximizeTarget, OfOutput } from "./question.ts";
import { whereOf, whereText } from "./where.ts";
import type { PixelScaling } from "../base/preprocessing.ts";

/** All that a maximised picture follows from, beside the model: replayed on the same engine it gives the same picture. */
export interface Recipe {
  readonly objective:
    | {
        readonly layer: string;
        readonly filters: readonly number[];
        readonly cell?: readonly [row: number, column: number];
      }
    | { readonly classes: readonly number[] }
    | { readonly expressions: readonly string[] };
  /** Whose classes they are, where they are not those of the picture as a whole: an output, and a place as `--target` takes it. */
  readonly output?: string;
  readonly target?: string;
  readonly method: RecipeName;
  readonly steps: number;
  readonly seed: number;
  readonly options?: MaximizeOptions;
  /** What makes 8-bit pixels of the network's input, and with it the range of the picture. */
  readonly scaling: PixelScaling;
}

/** The objective of targets that are all filters of one layer, all classes or all expressions. */
export function recipeObjective(targets: readonly MaximizeTarget[]): Recipe["objective"] {
  const [first] = targets;
  if (first && "layer" in first) {
    const { layer, cell } = first;
    const filters = targets.flatMap((target) => ("layer" in target ? target.filter : []));
    return { layer, filters, ...(cell && { cell }) };
  }
  const expressions = targets.flatMap((target) =>
    "expression" in target ? target.expression : [],
  );
  if (expressions.length > 0) return { expressions };
  return {
    classes: targets.flatMap((target) => ("classIndex" in target ? target.classIndex : [])),
  };
}

/** The targets of a recipe, in its order: the inverse of `recipeObjective`. */
export function recipeTargets({ objective }: Pick<Recipe, "objective">): MaximizeTarget[] {
  if ("classes" in objective) return objective.classes.map((classIndex) => ({ classIndex }));
  if ("expressions" in objective)
    return objective.expressions.map((expression) => ({ expression }));
  const { layer, filters, cell } = objective;
  return filters.map((filter) => ({ layer, filter, ...(cell && { cell }) }));
}

/** The place whose classes a recipe is of. */
export const recipePlace = ({ output, target }: Pick<Recipe, "output" | "target">): OfOutput => ({
  output: output ?? null,
  where: target === undefined ? null : whereOf(target),
});

/** The place as a recipe says it. */
export const placeInRecipe = ({ output, where }: OfOutput): Pick<Recipe, "output" | "target"> => ({
  ...(output !== null && { output }),
  ...(where !== null && { target: whereText(where) }),
});

/** The recipe that a text holds; null when it holds none. */
export function parseRecipe(text: string): Recipe | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecipe(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecipe(value: unknown): value is Recipe {
  const { objective, output, target, method, steps, seed, options, scaling } = (value ??
    {}) as Partial<Recipe>;
  return (
    Object.hasOwn(RECIPES, String(method)) &&
    isCount(steps) &&
    isCount(seed) &&
    isObjective(objective) &&
    (output === undefined || isText(output)) &&
    (target === undefined || (isText(target) && whereOf(target) !== null)) &&
    isOptions(options) &&
    isScaling(scaling)
  );
}

function isObjective(value: unknown): boolean {
  const { layer, filters, classes, expressions, cell } = (value ?? {}) as Record<string, unknown>;
  const list = typeof layer === "string" ? filters : (classes ?? expressions);
  const fits = typeof layer === "string" || classes !== undefined ? isCount : isText;
  return (
    Array.isArray(list) &&
    list.length > 0 &&
    list.every(fits) &&
    (cell === undefined || (Array.isArray(cell) && cell.length === 2 && cell.every(isCount)))
  );
}

const NUMBERS = ["copies", "diversity", "totalVariation", "l1", "l2", "cosinePower"] as const;

function isOptions(value: unknown): boolean {
  if (value === undefined) return true;
  const options = (value ?? {}) as Record<string, unknown>;
  const direction = options["direction"];
  return (
    NUMBERS.every((name) => options[name] === undefined || Number.isFinite(options[name])) &&
    (direction === undefined || isNumbers(direction))
  );
}

function isScaling(value: unknown): boolean {
  const { order, scale, mean, std } = (value ?? {}) as Record<string, unknown>;
  return (
    ["rgb", "bgr", "gray"].includes(String(order)) &&
    Number.isFinite(scale) &&
    isNumbers(mean) &&
    isNumbers(std)
  );
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((n) => Number.isFinite(n));
const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
