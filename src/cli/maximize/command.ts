import { at } from "../../base/at.ts";
import type { MaximizeTarget } from "../../shared/question.ts";
import { maximizedPlace, type OpenModel, type Place, type Runner } from "../../session/index.ts";
import type { Reference } from "../../shared/contract/experiments.ts";
import { usageError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { RECIPES } from "../../shared/catalogue.ts";
import {
  placeInRecipe,
  recipeObjective,
  recipePlace,
  recipeTargets,
  type Recipe,
} from "../../shared/recipe.ts";
import { batchSize } from "../arguments/batch-size.ts";
import { concat, withoutBatch } from "../model/batches.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../model/engine.ts";
import { filesRead } from "../output/not-over.ts";
import { Film } from "./frames.ts";
import { askedOf, imagesOf, numberName, targetName } from "./target.ts";
import { climb, drawMaximised, overPictures, type Climbed, type Maximised } from "./output.ts";
import { methodOf } from "../arguments/methods.ts";
import { openRunnable } from "../model/open.ts";
import type { Arguments } from "../arguments/parse.ts";
import { wholeNumber } from "../arguments/values.ts";
import { readRecipe, recipeOptions } from "./recipe.ts";
import { ofOutput, targetText } from "../output/target-text.ts";
import { percent, short, table } from "../output/table.ts";

/** Inputs that maximise filters, classes or sums of them, with the recipe to make them again. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args, artifacts, signal } = call;
    const given = args.values.recipe === undefined ? null : await replayed(args);
    const model = await openRunnable(file, call);
    const runner = await onEngine(model, call);
    if (given)
      model.setPreprocessing({
        ...{ ...model.preprocessing, ...given.scaling },
        ...{ source: "user", why: "The recipe says so." },
      });
    const asked = given ?? (await newRecipe(runner, call));
    const targets = recipeTargets(asked);
    const copies = asked.options?.copies ?? 1;
    // copies of one target are compared with each other, so they stay together
    const batch = Math.max(1, Math.floor(batchSize(args, model) / copies));
    const images = imagesOf(args);
    const place = await maximizedPlace(runner, { targets, images, ...recipePlace(asked) });
    if (args.values.gif !== undefined && targets.length > batch)
      throw usageError(
        `--gif shows what is made at once: at most ${batch} targets, and ${targets.length} were asked for; raise --batch.`,
      );
    const { gif } = args.values;
    const film = gif === undefined ? null : await Film.for(gif, asked.steps, filesRead(args));
    const parts: Climbed[] = [];
    for (let first = 0; first < targets.length && !signal.aborted; first += batch) {
      const own = targets.slice(first, first + batch);
      const which = `${first + 1} to ${first + own.length} of ${targets.length}`;
      const climbed = await climb(runner, call, asked, { targets: own, place, which }, film);
      // of an interrupted run those that are whole are kept, or else the first so far
      if (climbed.steps === asked.steps || parts.length === 0) parts.push(climbed);
    }
    if (signal.aborted)
      call.say(`interrupted after ${parts[0]?.steps ?? 0} of ${asked.steps} steps`);
    await film?.write();
    const recipe = kept(asked, parts, targets);
    const made = concat(
      parts.map(({ pictures }) => [pictures]),
      0,
    );
    const found = parts.flatMap((part) => part.found);
    const best = signal.aborted
      ? null
      : await overPictures(runner, call, targets, recipe.options, place);
    await artifacts.array("image", withoutBatch(made));
    await drawMaximised(call, model, found, copies, made);
    await artifacts.document("recipe", `${JSON.stringify(recipe, null, 2)}\n`);
    return {
      engine: runner.engine.info,
      document: {
        ...{ input: model.graph.inputs[0]?.name ?? null },
        ...ofOutput(place, indicesOf(targets)),
        ...describe(place, recipe, found, best),
        ...(gif !== undefined && { gif }),
        ...(signal.aborted && { interrupted: true }),
      },
      text: text(model, place, recipe, found, best),
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

const indicesOf = (targets: readonly MaximizeTarget[]): number[] =>
  targets.flatMap((target) => ("classIndex" in target ? target.classIndex : []));

const IN_RECIPE = [
  ...(["output", "target", "like"] as const),
  ...(["layer", "filter", "neuron", "direction", "class", "objective", "method", "steps"] as const),
  ...(["seed", "preprocess", "copies", "diversity", "tv", "l1", "l2", "cosine-power"] as const),
];

async function replayed({ values }: Arguments): Promise<Recipe> {
  const both = IN_RECIPE.find((name) => values[name] !== undefined);
  if (both !== undefined)
    throw usageError(`A recipe says everything itself: leave --${both} or --recipe out.`);
  return readRecipe(values.recipe ?? "");
}

async function newRecipe(runner: Runner, call: Call): Promise<Recipe> {
  const { args } = call;
  const { order, scale, mean, std } = runner.model.preprocessing;
  const { targets, ...of } = await askedOf(runner, args);
  const { id: method, options: own } = methodOf(call, RECIPES, "plain");
  const options = await recipeOptions(args);
  const { least, usual, usualForClass } = own.steps;
  const fallback = targets.some((target) => "classIndex" in target) ? usualForClass : usual;
  return {
    ...{ objective: recipeObjective(targets), ...placeInRecipe(of), method },
    steps: wholeNumber(args, "steps", { fallback, least }),
    seed: wholeNumber(args, "seed", { fallback: 0 }),
    ...(options && { options }),
    scaling: { order, scale, mean, std },
  };
}

const keyOf = (place: Place | null, target: MaximizeTarget): Record<string, unknown> => {
  if ("layer" in target)
    return { filter: target.filter, ...(target.cell && { cell: target.cell }) };
  if ("expression" in target) return { expression: target.expression };
  const number = numberName(place, target);
  return number === null ? { class: target.classIndex } : { number };
};
const labelOf = (place: Place | null, target: MaximizeTarget): string | null =>
  "classIndex" in target ? (place?.labels?.[target.classIndex] ?? null) : null;

function describe(
  place: Place | null,
  recipe: Recipe,
  found: readonly Maximised[],
  best: readonly Reference[] | null,
): Record<string, unknown> {
  const copies = recipe.options?.copies ?? 1;
  const isClass = found.some(({ probability }) => probability !== null);
  // no number is called a class
  const isNumber = found.some(({ target }) => numberName(place, target) !== null);
  const oneOrAll = <T>(values: readonly T[]): T | readonly T[] | undefined =>
    values.length === 1 ? values[0] : values;
  return {
    ...{ method: recipe.method, steps: recipe.steps, seed: recipe.seed },
    ...(!isNumber && recipe.objective),
    activation: oneOrAll(found.map(({ activation }) => activation)),
    ...(isClass && { probability: oneOrAll(found.map(({ probability }) => probability)) }),
    history: oneOrAll(found.map(({ history }) => history)),
    results: found.map(({ target, activation, probability, history }, i) => ({
      ...{ ...keyOf(place, target), ...(copies > 1 && { copy: i % copies }) },
      ...{ activation, start: history[0] },
      ...("classIndex" in target && !isNumber && { label: labelOf(place, target) }),
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
  place: Place | null,
  { method, steps, options }: Recipe,
  found: readonly Maximised[],
  best: readonly Reference[] | null,
): string {
  const copies = options?.copies ?? 1;
  const rows = found.map(({ target, activation, probability, history }, i) => {
    const over = best?.[Math.floor(i / copies)];
    return [
      targetName(target, place),
      (numberName(place, target) === null ? labelOf(place, target) : null) ?? "",
      short(at(history, 0)),
      short(activation),
      probability === null ? "" : percent(probability),
      ...(over ? [`${short(over.value)} (${plainText(over.image)})`] : []),
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
  const of = place ? targetText(place, indicesOf(found.map(({ target }) => target))) : [];
  return `${[table(heading, rows), ...of].join("\n")}\n\n${method}, ${steps} steps; ${note}${taken}${maco}`;
}
