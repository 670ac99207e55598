import {
  asPictures,
  maximized,
  maximizedPlace,
  maximizeRows,
  pickClasses,
  placed,
  feedPicture,
  type Place,
  type Runner,
} from "../session/index.ts";
import { RECIPES } from "../shared/catalogue.ts";
import type { MaximizeQuestion, MaximizeTarget } from "../shared/question.ts";
import { whereText } from "../shared/where.ts";
import { usageError } from "../base/errors.ts";
import { at } from "../base/at.ts";
import { numberOf, textOf } from "./arguments.ts";
import { askedOf, TARGET } from "./asked.ts";
import { legible } from "./legible.ts";
import { methodNamed } from "./method.ts";
import { IMAGE, LAYER, MODEL, schemaOf } from "./schema.ts";
import type { Desk, Tool, ToolArguments } from "./types.ts";

/** The input that excites a filter, a class or a number most, as `convlens maximize` makes it. */
export const maximize: Tool = {
  name: "convlens_maximize",
  title: "Maximise a filter or a class",
  description:
    "Makes, from noise, the picture that excites one filter of a layer, a class, a number of an output, or a sum of such terms most: what the network looks for. Tells what the picture reaches, and shows it. Name a layer and a filter, or a class or target, or an objective.",
  schema: schemaOf(MODEL, {
    ...LAYER,
    filter: { type: "integer", description: "The filter of the layer, from 0." },
    class: { type: "string", description: "A class number or label." },
    ...TARGET,
    objective: {
      type: "string",
      description: "Terms such as conv3:4 + 0.5*conv3:7@3,3 - class:285, in place of all that.",
    },
    image: {
      type: "string",
      description: `${at(Object.values(IMAGE), 0).description} Only where the target is 'predicted': where the class is seen in it.`,
    },
    method: {
      type: "string",
      description: `${Object.keys(RECIPES).join(", ")}; plain gradient ascent if left out.`,
    },
    steps: { type: "integer", description: "Steps; the method's own number if left out." },
    seed: { type: "integer", description: "The seed of the noise (0)." },
  }),
  async run(desk, args, signal) {
    const runner = await desk.runner(textOf(args, "model"));
    const { model } = runner;
    const recipe = methodNamed(RECIPES, textOf(args, "method"), "plain");
    const { target, ...of } = await wished(desk, runner, args);
    const { usual, usualForClass, least } = RECIPES[recipe].options.steps;
    const question: MaximizeQuestion = {
      ...{ kind: "maximize", targets: [target], recipe, ...of },
      steps: numberOf(args, "steps", "classIndex" in target ? usualForClass : usual, least),
      seed: numberOf(args, "seed", 0, 0),
    };
    const place = await maximizedPlace(runner, question);
    const control = { signal, progress: () => undefined };
    const rows = maximizeRows(runner, question, model.preprocessing, control, place);
    const made = await maximized(rows, recipe, model.preprocessing, {});
    const [height, width] = rows.size;
    const { rgb } = asPictures(made.images, model.preprocessing);
    const probability = at(made.probabilities, 0);
    const share = probability === null ? "" : `, with the probability ${probability}`;
    return {
      text: [
        `${nameOf(target, place)}: the picture reaches ${at(made.values, 0)}${share}; the noise it began with ${at(at(made.history, 0), 0)}`,
        `${RECIPES[recipe].title}, ${made.steps} steps; the values are those of the picture as 8 bits have it`,
      ].join("\n"),
      png: legible(rgb, width, height),
    };
  },
};

type Wished = Pick<MaximizeQuestion, "output" | "where" | "images"> & {
  readonly target: MaximizeTarget;
};

/** Throws a ConvLensError of kind `usage` where nothing is named, or too much. */
async function wished(desk: Desk, runner: Runner, args: ToolArguments): Promise<Wished> {
  const { output, where, wanted } = askedOf(args);
  const [layer, expression] = [textOf(args, "layer"), textOf(args, "objective")];
  const ofAnswer = wanted !== null || where !== null || output !== null;
  if (
    [layer !== "", expression !== "", wanted !== null || where !== null].filter(Boolean).length > 1
  )
    throw usageError("Name a layer and a filter, or a class or target, or an objective, not both.");
  const image = textOf(args, "image");
  const images = image === "" ? [] : [image];
  const of = { output, where, images };
  if (expression !== "") return { ...of, target: { expression } };
  if (layer !== "") {
    const filter = numberOf(args, "filter", -1);
    if (filter < 0) throw usageError("Name the filter of the layer, from 0.");
    return { output: null, where: null, images, target: { layer, filter } };
  }
  if (!ofAnswer)
    throw usageError("Name a layer and a filter, or a class or target, or an objective.");
  const fed =
    where?.kind === "predicted" && image !== ""
      ? await feedPicture(runner.model, desk.pictures, image)
      : null;
  const place = await placed(runner, fed, { output, where, named: wanted !== null });
  return { ...of, where: place.where, target: { classIndex: classAt(place, wanted) } };
}

/** There is no picture yet, so no class is the likeliest. */
function classAt({ labels, scores }: Place, wanted: string | null): number {
  if (wanted === null) {
    if (scores.classes === 1) return 0;
    throw usageError("There is no picture yet, so no likeliest class: name one.");
  }
  const all = Array.from({ length: scores.classes }, (_, index) => ({
    ...{ index, label: labels?.[index] ?? null, logit: 0, probability: null },
  }));
  return at(pickClasses(wanted, all), 0).index;
}

function nameOf(target: MaximizeTarget, place: Place | null): string {
  if ("expression" in target) return target.expression;
  if ("layer" in target) return `filter ${target.filter} of ${target.layer}`;
  const label = place?.labels?.[target.classIndex];
  const named = label ?? `class ${target.classIndex}`;
  return place?.where
    ? `${named} at ${whereText(place.where)} in the output '${place.output.spec.name}'`
    : named;
}
