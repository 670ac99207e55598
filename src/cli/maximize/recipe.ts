import { decodeNpy } from "../../pictures/index.ts";
import type { MaximizeOptions } from "../../shared/question.ts";
import { readBounded } from "../../files/read-bounded.ts";
import { inputError, usageError } from "../../base/errors.ts";
import { parseRecipe, type Recipe } from "../../shared/recipe.ts";
import type { OptionName } from "../arguments/options.ts";
import type { Arguments } from "../arguments/parse.ts";
import { wholeNumber } from "../arguments/values.ts";

const MOST_OF_A_RECIPE = 1 << 24;
const MOST_OF_A_DIRECTION = 1 << 26;

/** Reads a recipe.json. Throws a ConvLensError of kind `input` when it is none. */
export async function readRecipe(file: string): Promise<Recipe> {
  const bytes = await readBounded(file, { what: "The recipe", most: MOST_OF_A_RECIPE });
  const recipe = parseRecipe(bytes.toString("utf8"));
  if (!recipe)
    throw inputError(`${file} is not a recipe that convlens maximize --out DIR has written.`);
  return recipe;
}

/** The options of a maximisation that were given; undefined where none was. */
export async function recipeOptions(args: Arguments): Promise<MaximizeOptions | undefined> {
  const weight = (name: OptionName): number | undefined => {
    const text = args.values[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0)
      throw usageError(`--${name} ${text} is not a number of at least 0.`);
    return value;
  };
  const copies =
    args.values.copies === undefined
      ? undefined
      : wholeNumber(args, "copies", { fallback: 1, least: 1 });
  const found = {
    ...{ copies, diversity: weight("diversity") ?? ((copies ?? 1) > 1 ? 1 : undefined) },
    ...{ totalVariation: weight("tv"), l1: weight("l1"), l2: weight("l2") },
    ...{ direction: await directionOf(args), cosinePower: weight("cosine-power") },
  };
  if (found.diversity && (copies ?? 1) < 2)
    throw usageError("--diversity makes copies differ: say how many with --copies N.");
  const given = Object.entries(found).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

async function directionOf({ values }: Arguments): Promise<number[] | undefined> {
  const file = values.direction;
  if (file === undefined) return undefined;
  const bytes = await readBounded(file, { what: "The direction", most: MOST_OF_A_DIRECTION });
  return [...decodeNpy(bytes, file).data];
}
