import { readFile } from "node:fs/promises";
import { inputError } from "../shared/errors.ts";
import type { Preprocessing } from "../shared/preprocessing.ts";

export const RECIPES = ["plain", "robust", "maco"] as const;

/** All that a maximised picture follows from, beside the model: replayed on the same engine it gives the same picture. */
export interface Recipe {
  readonly objective:
    | { readonly layer: string; readonly filters: readonly number[] }
    | { readonly classes: readonly number[] };
  readonly method: (typeof RECIPES)[number];
  readonly steps: number;
  readonly seed: number;
  /** What makes 8-bit pixels of the network's input, and with it the range of the picture. */
  readonly scaling: Pick<Preprocessing, "order" | "scale" | "mean" | "std">;
}

/** Reads a recipe.json. Throws a ConvLensError of kind `input` when it is none. */
export async function readRecipe(file: string): Promise<Recipe> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw inputError(`The recipe ${file} cannot be opened.`, { cause });
  });
  const recipe = parsed(text);
  if (!isRecipe(recipe))
    throw inputError(`${file} is not a recipe that convlens maximize --out DIR has written.`);
  return recipe;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecipe(value: unknown): value is Recipe {
  const { objective, method, steps, seed, scaling } = (value ?? {}) as Partial<Recipe>;
  return (
    RECIPES.some((known) => known === method) &&
    isCount(steps) &&
    isCount(seed) &&
    isObjective(objective) &&
    isScaling(scaling)
  );
}

function isObjective(value: unknown): boolean {
  const { layer, filters, classes } = (value ?? {}) as Record<string, unknown>;
  const list = typeof layer === "string" ? filters : classes;
  return Array.isArray(list) && list.length > 0 && list.every(isCount);
}

function isScaling(value: unknown): boolean {
  const { order, scale, mean, std } = (value ?? {}) as Record<string, unknown>;
  const numbers = (list: unknown): boolean =>
    Array.isArray(list) && list.length > 0 && list.every((n) => Number.isFinite(n));
  return (
    ["rgb", "bgr", "gray"].includes(String(order)) &&
    Number.isFinite(scale) &&
    numbers(mean) &&
    numbers(std)
  );
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
