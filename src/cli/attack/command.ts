import de from "../../methods/attack/de/about.ts";
import screen from "../../methods/attack/screen/about.ts";
import type { AttackResult } from "../../methods/attack/types.ts";
import { topClasses } from "../../methods/predict/index.ts";
import { ATTACKS } from "../../shared/catalogue.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { AttackQuestion } from "../../shared/question.ts";
import { attack, attackStory } from "../../session/index.ts";
import { inputError, usageError } from "../../base/errors.ts";
import { onePicture, writeAttacked } from "./output.ts";
import { batchSize } from "../arguments/batch-size.ts";
import { pickClasses } from "../arguments/classes.ts";
import type { Call, Command } from "../command.ts";
import { controlOf } from "../model/control.ts";
import { onEngine } from "../model/engine.ts";
import { methodOf } from "../arguments/methods.ts";
import { openRunnable } from "../model/open.ts";
import { sourcesText, wholeNumber } from "../arguments/options.ts";
import { percent, short } from "../output/table.ts";
import { classTable } from "../predict/command.ts";

/** What some of the methods take. */
const NUMBERS = { ...de.options, ...screen.options };

const PREVIEW = "a preview, not a proof: other pixels were not tried.";

/** Pixels that change the answer: by differential evolution, exactly, or as a ranked preview. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args } = call;
    const { id: method } = methodOf(call, ATTACKS, "de");
    const number = (name: "pixels" | "population" | "steps" | "top"): number => {
      const { usual, least } = NUMBERS[name];
      return wholeNumber(args, name, { fallback: usual, least });
    };
    const options = {
      pixels: number("pixels"),
      population: number("population"),
      generations: number("steps"),
    };
    if (method !== "de" && options.pixels > 1)
      throw usageError(
        `The method ${method} changes one pixel: leave --pixels out, or use --method de.`,
      );
    const top = number("top");
    const model = await openRunnable(file, call);
    const input = await onePicture(model, call);
    const runner = await onEngine(model, call);
    const before = await runner.classes({ key: "before", inputs: [input] });
    const trueClass = oneClass(call, "class", before) ?? topOf(before);
    const target = towardOf(call, before);
    if (target?.index === trueClass.index)
      throw usageError(`The picture already is of the target class ${target.index}.`);
    const seed = wholeNumber(args, "seed", { fallback: 0 });
    const question: AttackQuestion = {
      ...{ kind: "attack", image: sourcesText(args), method, seed, ...options },
      ...{ trueClass: trueClass.index, target: target?.index ?? null },
    };
    const result = await attack(runner, question, input, trueClass.index, {
      ...{ batch: batchSize(args, model), context: controlOf(call, "attack"), tried: top },
      keepsBest: call.artifacts.folder !== null,
    });
    const after = await runner.classes({ key: "after", inputs: [result.image] });
    const story = await attackStory(runner, topOf(before).index, input, result.image);
    await writeAttacked(call, model, result, story);
    const searched = {
      exact: "all 8 RGB corners at every pixel",
      screen: `all 8 RGB corners at the ${result.evaluations / 8} pixels with the largest first-order effect: ${PREVIEW}`,
    };
    const watched = { before: result.before.probability, after: result.score.probability };
    return {
      engine: runner.engine.info,
      document: {
        ...{ method, success: result.success, pixels: result.pixels },
        ...{ trueClass, target, probability: watched },
        ...(call.signal.aborted && { interrupted: true }),
        before: topClasses(before, 5),
        after: topClasses(after, 5),
        evaluations: result.evaluations,
        ...(method === "de"
          ? {
              population: options.population,
              generations: options.generations,
              seed,
            }
          : { searched: searched[method] }),
        ...{ camLayer: story.camLayer, changedMaps: story.changed },
        preprocessing: model.preprocessing,
      },
      text: [
        verdict(result, target ?? trueClass) + (method === "screen" ? `\n${PREVIEW}` : ""),
        `before\n${classTable(topClasses(before, 3), null)}`,
        `after\n${classTable(topClasses(after, 3), null)}`,
        `feature maps that changed most: ${story.changed
          .slice(0, 3)
          .map(({ layer, channel, change }) => `${layer} ${channel} (${short(change)})`)
          .join(", ")}`,
      ].join("\n\n"),
    };
  },
};

function oneClass(
  { args }: Call,
  option: "class" | "toward" | "target",
  classes: readonly ClassScore[],
  text = args.values[option],
): ClassScore | null {
  if (text === undefined) return null;
  const [only, ...others] = pickClasses(text, classes);
  if (!only || others.length > 0) throw usageError(`--${option} takes one class.`);
  return only;
}

/** The class to reach: of --toward or, as it was called before, of --target. */
function towardOf(call: Call, classes: readonly ClassScore[]): ClassScore | null {
  const { toward, target } = call.args.values;
  if (toward !== undefined && target !== undefined)
    throw usageError("--toward says which class to reach: leave --target out.");
  if (target === undefined) return oneClass(call, "toward", classes);
  return oneClass(call, "target", classes, target.replace(/^class:/, ""));
}

function topOf(classes: readonly ClassScore[]): ClassScore {
  const [best] = topClasses(classes, 1);
  if (!best) throw inputError("The model has no classes.");
  return best;
}

function verdict(
  { success, pixels, evaluations, before, score }: AttackResult,
  watched: ClassScore,
): string {
  const where = pixels.map(({ x, y, rgb }) => `(${x}, ${y}) to rgb ${rgb.join(" ")}`).join(", ");
  const name =
    watched.label === null ? `class ${watched.index}` : `class ${watched.index} (${watched.label})`;
  const change = `${name} from ${percent(before.probability)} to ${percent(score.probability)}`;
  return `${success ? "fooled" : "not fooled"}: ${where}; ${change}; ${evaluations} evaluations`;
}
