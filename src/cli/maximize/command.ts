import { at } from "../../base/at.ts";
import type { MaximizeTarget } from "../../shared/question.ts";
import type { OpenModel } from "../../session/index.ts";
import type { Reference } from "../../shared/contract/experiments.ts";
import { usageError } from "../../base/errors.ts";
import { RECIPES } from "../../shared/catalogue.ts";
import { recipeObjective, recipeTargets, type Recipe } from "../../shared/recipe.ts";
import { batchSize } from "../arguments/batch-size.ts";
import { concat, withoutBatch } from "../model/batches.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../model/engine.ts";
import { Film } from "./frames.ts";
import { targetName, targetsOf } from "./target.ts";
import { climb, drawMaximised, overPictures, type Climbed, type Maximised } from "./output.ts";
import { methodOf } from "../arguments/methods.ts";
import { openRunnable } from "../model/open.ts";
import { wholeNumber, type Arguments } from "../arguments/options.ts";
import { readRecipe, recipeOptions } from "./recipe.ts";
import { percent, short, table } from "../output/table.ts";

/** Inputs that maximise filters, classes or sums of them, with the recipe to make them again. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args, artifacts, signal } = call;
    const given = args.values.recipe === undefined ? null : await replayed(args);
    const model = await openRunnable(file, call);
    if (given)
      model.setPreprocessing({
        ...{ ...model.preprocessing, ...given.scaling },
        ...{ source: "user", why: "The recipe says so." },
      });
    const asked = given ?? (await newRecipe(model, call));
    const targets = recipeTargets(asked);
    const copies = asked.options?.copies ?? 1;
    // copies of one target are compared with each other, so they stay together
    const batch = Math.max(1, Math.floor(batchSize(args, model) / copies));
    const runner = await onEngine(model, call);
    if (args.values.gif !== undefined && targets.length > batch)
      throw usageError(
        `--gif shows what is made at once: at most ${batch} targets, and ${targets.length} were asked for; raise --batch.`,
      );
    const { gif } = args.values;
    const film = gif === undefined ? null : await Film.for(gif, asked.steps);
    const parts: Climbed[] = [];
    for (let first = 0; first < targets.length && !signal.aborted; first += batch) {
      const own = targets.slice(first, first + batch);
      const which = `${first + 1} to ${first + own.length} of ${targets.length}`;
      const made = await climb(runner, call, asked, own, which, film);
      // of an interrupted run those that are whole are kept, or else the first so far
      if (made.steps === asked.steps || parts.length === 0) parts.push(made);
    }
    if (signal.aborted)
      call.say(`interrupted after ${parts[0]?.steps ?? 0} of ${asked.steps} steps`);
    await film?.write();
    const recipe = kept(asked, parts, targets);
    const images = concat(
      parts.map(({ pictures }) => [pictures]),
      0,
    );
    const found = parts.flatMap((part) => part.found);
    const best = signal.aborted ? null : await overPictures(runner, call, targets, recipe.options);
    await artifacts.array("image", withoutBatch(images));
    await drawMaximised(call, model, found, copies, images);
    await artifacts.document("recipe", `${JSON.stringify(recipe, null, 2)}\n`);
    return {
      engine: runner.engine.info,
      document: {
        ...describe(model, recipe, found, best),
        ...(gif !== undefined && { gif }),
        ...(signal.aborted && { interrupted: true }),
      },
      text: text(model, recipe, found, best),
    };
  },
};

/** The recipe of what was made: of an interrupted run fewer targets, or fewer steps. */
function kept(
  asked: Recipe,
  parts: readonly Climbed[],
  targets: readonly MaximizeTarget[],
): Recipe {
  const copies = asked.options?.copies ?? 1;
  const made = parts.flatMap(({ found }) => found).length / copies;
  const steps = parts[0]?.steps ?? asked.steps;
  if (made === targets.length) return { ...asked, steps };
  return { ...asked, steps, objective: recipeObjective(targets.slice(0, made)) };
}

const IN_RECIPE = [
  ...(["layer", "filter", "neuron", "direction", "class", "objective", "method", "steps"] as const),
  ...(["seed", "preprocess", "copies", "diversity", "tv", "l1", "l2", "cosine-power"] as const),
];

async function replayed({ values }: Arguments): Promise<Recipe> {
  const both = IN_RECIPE.find((name) => values[name] !== undefined);
  if (both !== undefined)
    throw usageError(`A recipe says everything itself: leave --${both} or --recipe out.`);
  return readRecipe(values.recipe ?? "");
}

async function newRecipe(model: OpenModel, call: Call): Promise<Recipe> {
  const { args } = call;
  const { order, scale, mean, std } = model.preprocessing;
  const targets = targetsOf(model, args);
  const { id: method, options: own } = methodOf(call, RECIPES, "plain");
  const options = await recipeOptions(args);
  const { least, usual, usualForClass } = own.steps;
  const fallback = targets.some((target) => "classIndex" in target) ? usualForClass : usual;
  return {
    ...{ objective: recipeObjective(targets), method },
    steps: wholeNumber(args, "steps", { fallback, least }),
    seed: wholeNumber(args, "seed", { fallback: 0 }),
    ...(options && { options }),
    scaling: { order, scale, mean, std },
  };
}

const keyOf = (target: MaximizeTarget): Record<string, unknown> => {
  if ("layer" in target)
    return { filter: target.filter, ...(target.cell && { cell: target.cell }) };
  return "classIndex" in target ? { class: target.classIndex } : { expression: target.expression };
};
const labelOf = (model: OpenModel, target: MaximizeTarget): string | null =>
  "classIndex" in target ? (model.labels?.[target.classIndex] ?? null) : null;

function describe(
  model: OpenModel,
  recipe: Recipe,
  found: readonly Maximised[],
  best: readonly Reference[] | null,
): Record<string, unknown> {
  const copies = recipe.options?.copies ?? 1;
  const isClass = found.some(({ probability }) => probability !== null);
  const oneOrAll = <T>(values: readonly T[]): T | readonly T[] | undefined =>
    values.length === 1 ? values[0] : values;
  return {
    ...{ method: recipe.method, steps: recipe.steps, seed: recipe.seed, ...recipe.objective },
    activation: oneOrAll(found.map(({ activation }) => activation)),
    ...(isClass && { probability: oneOrAll(found.map(({ probability }) => probability)) }),
    history: oneOrAll(found.map(({ history }) => history)),
    results: found.map(({ target, activation, probability, history }, i) => ({
      ...{ ...keyOf(target), ...(copies > 1 && { copy: i % copies }) },
      ...{ activation, start: history[0] },
      ...("classIndex" in target && { label: labelOf(model, target) }),
      ...(probability !== null && { probability }),
      ...(best && { overPictures: best[Math.floor(i / copies)] }),
    })),
    ...(recipe.method === "maco" && { note: MACO }),
    recipe,
  };
}

const MACO =
  "MaCo keeps the magnitude of the spectrum at 1 / f, the law of natural pictures, instead of ImageNet's average spectrum.";

function text(
  model: OpenModel,
  { method, steps, options }: Recipe,
  found: readonly Maximised[],
  best: readonly Reference[] | null,
): string {
  const copies = options?.copies ?? 1;
  const rows = found.map(({ target, activation, probability, history }, i) => {
    const over = best?.[Math.floor(i / copies)];
    return [
      targetName(target),
      labelOf(model, target) ?? "",
      short(at(history, 0)),
      short(activation),
      probability === null ? "" : percent(probability),
      ...(over ? [`${short(over.value)} (${over.image})`] : []),
    ];
  });
  const over = best?.[0] ? [`largest over ${best[0].images} pictures`] : [];
  const heading = ["maximised", "label", "from", "to", "probability", ...over];
  const note = "the values are those of the clipped 8-bit picture";
  const maco = method === "maco" ? `\n${MACO}` : "";
  const { size } = model.preprocessing;
  const taken = size
    ? `\nthe file leaves the size free: ${size.join(" x ")} was taken (--size HxW for another)`
    : "";
  return `${table(heading, rows)}\n\n${method}, ${steps} steps; ${note}${taken}${maco}`;
}
