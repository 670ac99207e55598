/** The file that says how a picture was made: the same that `convlens maximize` writes, and takes back. */
import type { MaximizeRequest, RecipeName } from "../../../src/shared/contract/experiments.ts";
import type { Preprocessing } from "../../../src/shared/preprocessing.ts";

interface RecipeFile {
  readonly objective:
    | { readonly layer: string; readonly filters: readonly number[] }
    | { readonly classes: readonly number[] };
  readonly method: RecipeName;
  readonly steps: number;
  readonly seed: number;
  readonly scaling: Pick<Preprocessing, "order" | "scale" | "mean" | "std">;
}

/** `request` names targets of one layer, or classes. */
export function recipeFile(
  { targets, recipe, seed }: MaximizeRequest,
  steps: number,
  { order, scale, mean, std }: Preprocessing,
): RecipeFile {
  const filters = targets.flatMap((target) => ("layer" in target ? [target] : []));
  const classes = targets.flatMap((target) => ("layer" in target ? [] : [target.classIndex]));
  const [first] = filters;
  return {
    objective: first
      ? { layer: first.layer, filters: filters.map(({ filter }) => filter) }
      : { classes },
    method: recipe,
    steps,
    seed,
    scaling: { order, scale, mean, std },
  };
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
const counts = (value: unknown): readonly number[] =>
  Array.isArray(value) && value.every(isCount) ? value : [];

/** The request of a recipe file, or one sentence on what is wrong with it. */
export function readRecipe(text: string): MaximizeRequest | string {
  const none = "This file is not a recipe: save one with a maximised picture first.";
  let value: Partial<Record<keyof RecipeFile, unknown>>;
  try {
    value = (JSON.parse(text) ?? {}) as typeof value;
  } catch {
    return none;
  }
  const { method, steps, seed } = value;
  if (
    (method !== "plain" && method !== "robust" && method !== "maco") ||
    !isCount(steps) ||
    !isCount(seed)
  )
    return none;
  const objective = (value.objective ?? {}) as Record<string, unknown>;
  const layer = objective["layer"];
  const targets =
    typeof layer === "string"
      ? counts(objective["filters"]).map((filter) => ({ layer, filter }))
      : counts(objective["classes"]).map((classIndex) => ({ classIndex }));
  return targets.length > 0 ? { targets, recipe: method, steps, seed } : none;
}
