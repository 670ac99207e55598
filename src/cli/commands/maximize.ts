import type { OpenModel } from "../../session/index.ts";
import { usageError } from "../../shared/errors.ts";
import { batchSize } from "../batch-size.ts";
import { concat, withoutBatch } from "../batches.ts";
import type { Command } from "../command.ts";
import { onEngine } from "../engine.ts";
import { recipeTarget, targetOf, type Target } from "../maximize-target.ts";
import { climb, drawMaximised, type Maximised } from "../maximized.ts";
import { pickMethod } from "../methods.ts";
import { openRunnable } from "../open.ts";
import { wholeNumber, type Arguments } from "../options.ts";
import { readRecipe, RECIPES, type Recipe } from "../recipe.ts";
import { percent, short, table } from "../table.ts";

/** Steps of each recipe; a class needs more than a filter to be certain. */
const STEPS = {
  plain: { filter: 30, class: 100 },
  robust: { filter: 512, class: 512 },
  maco: { filter: 256, class: 256 },
} as const;

export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args, artifacts } = call;
    const given = args.values.recipe === undefined ? null : await replayed(args);
    const method = given?.method ?? pickMethod(args, RECIPES);
    const model = await openRunnable(file, call);
    if (given)
      model.setPreprocessing({
        ...{ ...model.preprocessing, ...given.scaling },
        ...{ source: "user", why: "The recipe says so." },
      });
    const target = given ? recipeTarget(model, given) : targetOf(model, args);
    const recipe = given ?? newRecipe(model, target, method, args);
    const batch = batchSize(args, model);
    const runner = await onEngine(model, call);
    const parts = [];
    for (let first = 0; first < target.numbers.length; first += batch)
      parts.push(await climb(runner, call, recipe, target, [first, first + batch]));
    const images = concat(
      parts.map(({ pictures }) => [pictures]),
      0,
    );
    const found = parts.flatMap(({ found }) => found);
    await artifacts.array("image", withoutBatch(images));
    await drawMaximised(call, model, target, images);
    await artifacts.document("recipe", `${JSON.stringify(recipe, null, 2)}\n`);
    return {
      engine: runner.engine.info,
      document: describe(recipe, target, found),
      text: text(recipe, target, found),
    };
  },
};

async function replayed({ values }: Arguments): Promise<Recipe> {
  const both = (
    ["layer", "filter", "class", "method", "steps", "seed", "preprocess"] as const
  ).find((name) => values[name] !== undefined);
  if (both !== undefined)
    throw usageError(`A recipe says everything itself: leave --${both} or --recipe out.`);
  return readRecipe(values.recipe ?? "");
}

function newRecipe(
  { preprocessing: { order, scale, mean, std } }: OpenModel,
  { objective }: Target,
  method: Recipe["method"],
  args: Arguments,
): Recipe {
  const fallback = STEPS[method]["classes" in objective ? "class" : "filter"];
  return {
    ...{ objective, method },
    steps: wholeNumber(args, "steps", { fallback, least: 1 }),
    seed: wholeNumber(args, "seed", { fallback: 0 }),
    scaling: { order, scale, mean, std },
  };
}

function describe(
  recipe: Recipe,
  target: Target,
  found: readonly Maximised[],
): Record<string, unknown> {
  const kind = "classes" in target.objective ? "class" : "filter";
  const oneOrAll = <T>(values: readonly T[]): T | readonly T[] | undefined =>
    values.length === 1 ? values[0] : values;
  return {
    ...{ method: recipe.method, steps: recipe.steps, seed: recipe.seed, ...target.objective },
    activation: oneOrAll(found.map(({ activation }) => activation)),
    ...(kind === "class" && { probability: oneOrAll(found.map(({ probability }) => probability)) }),
    history: oneOrAll(found.map(({ history }) => history)),
    results: found.map(({ number, activation, probability, history }) => ({
      ...{ [kind]: number, activation, start: history[0] },
      ...(kind === "class" && { label: target.label(number), probability }),
    })),
    recipe,
  };
}

function text({ method, steps }: Recipe, target: Target, found: readonly Maximised[]): string {
  const rows = found.map(({ number, activation, probability, history }) => [
    target.name(number),
    target.label(number) ?? "",
    short(history[0] ?? NaN),
    short(activation),
    probability === null ? "" : percent(probability),
  ]);
  const heading = ["maximised", "label", "from", "to", "probability"];
  const note = "the values are those of the clipped 8-bit picture";
  return `${table(heading, rows)}\n\n${method}, ${steps} steps; ${note}`;
}
