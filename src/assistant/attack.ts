import de from "../methods/attack/de/about.ts";
import { topClasses } from "../methods/predict/index.ts";
import {
  asPictures,
  attack as attackOn,
  attacked,
  attackedInput,
  feedPicture,
  goalNamed,
  usualBatch,
  type Aim,
  type Attacked,
} from "../session/index.ts";
import type { ClassScore } from "../shared/contract/lenses.ts";
import { ATTACKS } from "../shared/catalogue.ts";
import type { AttackQuestion } from "../shared/question.ts";
import { whereText } from "../shared/where.ts";
import { asFloats } from "../base/tensor.ts";
import { at } from "../base/at.ts";
import { usageError } from "../base/errors.ts";
import { axes } from "../base/axes.ts";
import { numberOf, textOf } from "./arguments.ts";
import { askedOf, TARGET } from "./asked.ts";
import { legible } from "./legible.ts";
import { methodNamed } from "./method.ts";
import { className, scoreText } from "./predict.ts";
import { IMAGE, MODEL, schemaOf } from "./schema.ts";
import type { Tool } from "./types.ts";

const { pixels, population, steps } = de.options;

/** Which few pixels change the network's mind, as `convlens attack` finds them. */
export const attack: Tool = {
  name: "convlens_attack",
  title: "Pixel attack",
  description:
    "Looks for a few pixels of a picture that change what a network says: until a class is left or another is reached, or until a number that is no class grows or falls. Tells the pixels, their new colours, and what the network says before and after; 'not fooled' is a result. The usual search of 400 candidates over 100 generations takes minutes on large networks: ask for less first.",
  schema: schemaOf(
    { ...MODEL, ...IMAGE },
    {
      class: {
        type: "string",
        description: "The true class, a number or label; what the network says now if left out.",
      },
      toward: {
        type: "string",
        description:
          "The class to reach, a number or label, any other if left out; of a number that is no class 'high' (if left out) or 'low'.",
      },
      ...TARGET,
      method: {
        type: "string",
        description: `${Object.keys(ATTACKS).join(", ")}: differential evolution (if left out), all colours' corners at every pixel, or at the pixels that the gradient ranks first (a preview, no proof).`,
      },
      pixels: { type: "integer", description: "How many pixels are changed at most (1)." },
      population: {
        type: "integer",
        description: `Candidates of a generation (${population.usual}).`,
      },
      steps: { type: "integer", description: `Generations (${steps.usual}).` },
      seed: { type: "integer", description: "The seed of what is random (0)." },
    },
  ),
  async run(desk, args, signal) {
    const runner = await desk.runner(textOf(args, "model"));
    const { graph, preprocessing } = runner.model;
    attackedInput(graph);
    const method = methodNamed(ATTACKS, textOf(args, "method"), "de");
    const most = numberOf(args, "pixels", pixels.usual, pixels.least);
    if (method !== "de" && most > 1) throw usageError(`The method ${method} changes one pixel.`);
    const image = textOf(args, "image");
    const { output, where, wanted } = askedOf(args);
    const fed = await feedPicture(runner.model, desk.pictures, image);
    const input = asFloats(at(fed.inputs, 0));
    const found = await attacked(runner, fed, { output, where }, wanted !== null);
    const toward = textOf(args, "toward") || null;
    const question: AttackQuestion = {
      ...{ kind: "attack", image, method, pixels: most },
      ...{ seed: numberOf(args, "seed", 0, 0), output, where },
      population: numberOf(args, "population", population.usual, population.least),
      generations: numberOf(args, "steps", steps.usual, steps.least),
      ...goalNamed(found, { truth: wanted, toward }),
    };
    const context = { signal, progress: () => undefined };
    const done = await attackOn(runner, question, found, input, {
      batch: usualBatch(graph),
      context,
    });
    const { rgb } = asPictures(done.result.image, preprocessing);
    const [, height, width] = axes(done.result.image.shape, 4);
    return { text: told(found, done), png: legible(rgb, width, height) };
  },
};

function told(found: Aim, { result, goal, watched, reached, after }: Attacked): string {
  const { success, evaluations } = result;
  const [before, now] = reached;
  const isClass = goal.kind === "class";
  const way = isClass ? "fooled" : goal.raise ? "raised" : "lowered";
  const name = isClass ? className(watched) : (watched.label ?? `number ${watched.index}`);
  const place = found.where === null ? "" : ` at ${whereText(found.where)}`;
  const top = (classes: readonly ClassScore[]): string =>
    topClasses(classes, 3).map(scoreText).join("; ");
  return [
    `${success ? way : `not ${way}`}: ${name}${place} in the output '${found.output.spec.name}' ${isClass ? "has the probability" : "is"} ${before} before, and ${now} after`,
    ...result.pixels.map(({ x, y, rgb }) => `pixel x ${x}, y ${y} becomes rgb(${rgb.join(", ")})`),
    ...(isClass ? [`before: ${top(found.classes)}`, `after: ${top(after)}`] : []),
    `${evaluations} pictures were tried`,
  ].join("\n");
}
