import de from "../../methods/attack/de/about.ts";
import screen from "../../methods/attack/screen/about.ts";
import { topClasses } from "../../methods/predict/index.ts";
import { ATTACKS } from "../../shared/catalogue.ts";
import type { AttackQuestion } from "../../shared/question.ts";
import {
  attack as attackOn,
  attacked,
  attackStory,
  goalNamed,
  type Aim,
  type Attacked,
} from "../../session/index.ts";
import { at } from "../../base/at.ts";
import type { ChangedMap } from "../../methods/attack/changed-maps.ts";
import { usageError } from "../../base/errors.ts";
import { askedOf } from "./goal.ts";
import { onePicture, writeAttacked } from "./output.ts";
import { batchSize } from "../arguments/batch-size.ts";
import type { Command } from "../command.ts";
import { controlOf } from "../model/control.ts";
import { onEngine } from "../model/engine.ts";
import { methodOf } from "../arguments/methods.ts";
import { openRunnable } from "../model/open.ts";
import { sourcesText, wholeNumber } from "../arguments/values.ts";
import { ofOutput, targetText } from "../output/target-text.ts";
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
    const asked = askedOf(args, model);
    const fed = { key: "before", inputs: [input] };
    const found = await attacked(runner, fed, asked.of, asked.truth !== null);
    const seed = wholeNumber(args, "seed", { fallback: 0 });
    const question: AttackQuestion = {
      ...{ kind: "attack", image: sourcesText(args), method, seed, ...options },
      ...{ ...asked.of, ...goalNamed(found, asked) },
    };
    const attack = await attackOn(runner, question, found, input, {
      ...{ batch: batchSize(args, model), context: controlOf(call, "attack"), tried: top },
      keepsBest: call.artifacts.folder !== null,
    });
    const { result, goal, after } = attack;
    const shown = goal.kind === "class" ? at(found.ranked, 0).index : goal.index;
    const story = await attackStory(runner, found, shown, input, result.image);
    await writeAttacked(call, model, result, story);
    const searched = {
      exact: "all 8 RGB corners at every pixel",
      screen: `all 8 RGB corners at the ${result.evaluations / 8} pixels with the largest first-order effect: ${PREVIEW}`,
    };
    const most = goal.kind === "class" ? 5 : 0;
    return {
      engine: runner.engine.info,
      document: {
        ...{ method, input: model.graph.inputs[0]?.name, ...ofOutput(found) },
        ...{ success: result.success, pixels: result.pixels },
        ...outcome(found, attack),
        ...(call.signal.aborted && { interrupted: true }),
        before: topClasses(found.classes, most),
        after: topClasses(after, most),
        evaluations: result.evaluations,
        ...(method === "de"
          ? {
              population: options.population,
              generations: options.generations,
              seed,
            }
          : { searched: searched[method] }),
        ...{ camLayer: story.camLayer, changedMaps: story.changed.map(changeOf) },
        preprocessing: model.preprocessing,
      },
      text: [
        verdict(attack) + (method === "screen" ? `\n${PREVIEW}` : ""),
        ...targetText(found),
        ...(goal.kind === "class"
          ? [
              `before\n${classTable(topClasses(found.classes, 3), null)}`,
              `after\n${classTable(topClasses(after, 3), null)}`,
            ]
          : []),
        `feature maps that changed most: ${story.changed
          .slice(0, 3)
          .map(({ layer, channel, change }) => `${layer} ${channel} (${short(change)})`)
          .join(", ")}`,
      ].join("\n\n"),
    };
  },
};

/** What is said of the watched class, or of the number that was moved. */
function outcome(
  { classes, where }: Aim,
  { goal, reached: [before, after] }: Attacked,
): Record<string, unknown> {
  if (goal.kind === "number")
    return {
      ...{ trueClass: null, toward: goal.raise ? "high" : "low" },
      ...{ probability: null, value: { before, after } },
    };
  const toward = goal.target === null ? null : at(classes, goal.target);
  return {
    ...{ trueClass: at(classes, goal.trueClass), toward },
    // of the picture as a whole --target is the class to reach
    ...(where === null && { target: toward }),
    probability: { before, after },
  };
}

/** A pixel moves a number by little. */
const exact = (value: number): string => String(Number(value.toPrecision(7)));

function verdict({ result, goal, watched, reached: [before, after] }: Attacked): string {
  const { success, pixels, evaluations } = result;
  const where = pixels.map(({ x, y, rgb }) => `(${x}, ${y}) to rgb ${rgb.join(" ")}`).join(", ");
  const cost = `${evaluations} evaluations`;
  if (goal.kind === "number") {
    const way = goal.raise ? "raised" : "lowered";
    const name = watched.label ?? `number ${watched.index}`;
    return `${success ? way : `not ${way}`}: ${where}; ${name} from ${exact(before)} to ${exact(after)}; ${cost}`;
  }
  const name =
    watched.label === null ? `class ${watched.index}` : `class ${watched.index} (${watched.label})`;
  const change = `${name} from ${percent(before)} to ${percent(after)}`;
  return `${success ? "fooled" : "not fooled"}: ${where}; ${change}; ${cost}`;
}

const changeOf = ({ layer, channel, change }: ChangedMap): object => ({ layer, channel, change });
