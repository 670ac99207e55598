import type { MaximizeQuestion } from "../../../src/shared/question.ts";
import type { Preprocessing } from "../../../src/base/preprocessing.ts";
import {
  parseRecipe,
  placeInRecipe,
  recipeObjective,
  recipePlace,
  recipeTargets,
  type Recipe,
} from "../../../src/shared/recipe.ts";
import { t } from "../../common/text/index.ts";

/** The question names targets of one layer, classes, or expressions. */
export function recipeFile(
  { targets, output, where, recipe, seed, options }: MaximizeQuestion,
  steps: number,
  { order, scale, mean, std }: Preprocessing,
): Recipe {
  return {
    objective: recipeObjective(targets),
    ...placeInRecipe({ output, where }),
    method: recipe,
    steps,
    seed,
    ...(options && { options }),
    scaling: { order, scale, mean, std },
  };
}

/** The question of a recipe file, or one sentence on what is wrong with it. */
export function readRecipe(text: string, present: Preprocessing | null): MaximizeQuestion | string {
  const recipe = parseRecipe(text);
  if (!recipe) return t("This file is not a recipe: save one with a maximised picture first.");
  const { method, steps, seed, options, scaling } = recipe;
  const key = ({ order, scale, mean, std }: Recipe["scaling"]): string =>
    JSON.stringify([order, scale, mean, std]);
  if (present && key(present) !== key(scaling))
    return t(
      "The recipe was made with another preprocessing, so its picture would be another one: choose that preprocessing in the footer first.",
    );
  const targets = recipeTargets(recipe);
  const of = recipePlace(recipe);
  return {
    ...{ kind: "maximize", targets, ...of, recipe: method, steps, seed },
    ...(options && { options }),
  };
}
