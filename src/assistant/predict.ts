import { topClasses } from "../methods/predict/index.ts";
import { feedPicture } from "../session/index.ts";
import type { ClassScore } from "../shared/contract/lenses.ts";
import { numberOf, textOf } from "./arguments.ts";
import { IMAGE, MODEL, schemaOf } from "./schema.ts";
import type { Tool } from "./types.ts";

/** `tabby (class 281)`; `class 281` where there are no labels. */
export const className = ({ label, index }: ClassScore): string =>
  label === null ? `class ${index}` : `${label} (class ${index})`;

/** A class with its probability in percent, where the model gives one, and its logit. */
export const scoreText = (score: ClassScore): string =>
  `${className(score)}: ${score.probability === null ? "" : `${(100 * score.probability).toFixed(2)} %, `}logit ${score.logit.toFixed(4)}`;

/** The classes with the highest logits for one picture, and the engine that computed them. */
export const predict: Tool = {
  name: "convlens_predict",
  title: "Predict",
  description:
    "Runs a network on one picture and tells its most likely classes with probability and logit. Use it to check what a model says about a picture.",
  schema: schemaOf(
    { ...MODEL, ...IMAGE },
    { top: { type: "integer", description: "How many classes to tell (5)." } },
  ),
  async run(desk, args) {
    const runner = await desk.runner(textOf(args, "model"));
    const fed = await feedPicture(runner.model, desk.pictures, textOf(args, "image"));
    const classes = topClasses(await runner.classes(fed), Math.max(1, numberOf(args, "top", 5)));
    const text = [...classes.map(scoreText), `computed by ${runner.engine.info.version}`];
    return { text: text.join("\n"), png: null };
  },
};
