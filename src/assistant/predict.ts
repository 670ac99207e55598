import { drawAnswer } from "../pictures/index.ts";
import { topClasses } from "../methods/predict/index.ts";
import { KIND_NAMES } from "../methods/outputs/index.ts";
import { answered, feedPicture, viewOf } from "../session/index.ts";
import type { Answer } from "../shared/contract/outputs.ts";
import type { ClassScore } from "../shared/contract/lenses.ts";
import { numberOf, textOf } from "./arguments.ts";
import { legible } from "./legible.ts";
import { IMAGE, MODEL, OUTPUT, schemaOf } from "./schema.ts";
import type { Tool } from "./types.ts";

/** `tabby (class 281)`; `class 281` where there are no labels. */
export const className = ({ label, index }: ClassScore): string =>
  label === null ? `class ${index}` : `${label} (class ${index})`;

/** A class with its probability in percent, where the model gives one, and its logit. */
export const scoreText = (score: ClassScore): string =>
  `${className(score)}: ${score.probability === null ? "" : `${(100 * score.probability).toFixed(2)} %, `}logit ${score.logit.toFixed(4)}`;

/** What an output says that is no row of class scores, without what is as large as a picture. */
const factsOf = (answer: Answer): string =>
  JSON.stringify(answer, (key, value: unknown) => (key === "map" ? undefined : value));

/** The classes with the highest logits for one picture, and the engine that computed them. */
export const predict: Tool = {
  name: "convlens_predict",
  title: "Predict",
  description:
    "Runs a network on one picture and tells its most likely classes with probability and logit, or what its output has in their place: boxes, areas of a segmentation, values, an embedding, a sequence. Use it to check what a model says about a picture.",
  schema: schemaOf(
    { ...MODEL, ...IMAGE },
    { top: { type: "integer", description: "How many classes to tell (5)." }, ...OUTPUT },
  ),
  async run(desk, args) {
    const runner = await desk.runner(textOf(args, "model"));
    const image = textOf(args, "image");
    const fed = await feedPicture(runner.model, desk.pictures, image);
    const by = `computed by ${runner.engine.info.version}`;
    const { output, answer } = await answered(runner, fed, textOf(args, "output") || null);
    if (answer.kind !== "classes") {
      const what = `the output '${output.spec.name}' is ${KIND_NAMES[output.kind]}${output.guessed ? " (a guess)" : ""}: ${output.why}`;
      const view = await viewOf(runner.model, desk.pictures, image);
      const drawn = drawAnswer(answer, view);
      return {
        text: [what, factsOf(answer), by].join("\n"),
        png: drawn && legible(drawn.rgb, view.width, view.height),
      };
    }
    const top = Math.max(1, numberOf(args, "top", 5));
    const classes = topClasses(await runner.classes(fed, output), top);
    return { text: [...classes.map(scoreText), by].join("\n"), png: null };
  },
};
