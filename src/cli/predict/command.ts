import { classScores, topClasses } from "../../methods/predict/index.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { Command } from "../command.ts";
import { concat, inBatches, withoutBatch } from "../model/batches.ts";
import { onEngine } from "../model/engine.ts";
import { readInputs } from "../arguments/inputs.ts";
import { openRunnable } from "../model/open.ts";
import { wholeNumber } from "../arguments/options.ts";
import { percent, short, table } from "../output/table.ts";
import { preprocessingText } from "../inspect/command.ts";

/** The most likely classes of each picture, with the whole logits and probabilities as arrays. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args, artifacts } = call;
    const top = wholeNumber(args, "top", { fallback: 5, least: 1 });
    const model = await openRunnable(file, call);
    const { scores, labels, preprocessing } = model;
    const given = await readInputs(model, args.sources);
    const runner = await onEngine(model, call);
    const nodes = [scores.logits, ...(scores.probabilities === null ? [] : [scores.probabilities])];
    const parts = await inBatches(given, call, (fed) => runner.values(fed, nodes, scores.graph));
    const [logits, probabilities = null] = nodes.map((_, i) => concat(parts, i));
    if (!logits) throw new RangeError("the engine returned no logits");
    await artifacts.array("logits", withoutBatch(logits));
    if (probabilities) await artifacts.array("probabilities", withoutBatch(probabilities));
    const pictures = Array.from({ length: given.count }, (_, row) =>
      topClasses(classScores(scores, { logits, probabilities }, labels, row), top),
    );
    return {
      engine: runner.engine.info,
      document: {
        classes: pictures[0] ?? [],
        ...(given.count > 1 && { pictures: pictures.map((classes) => ({ classes })) }),
        preprocessing,
      },
      text: [
        ...pictures.map((classes, i) => classTable(classes, given.count > 1 ? i : null)),
        `preprocessing: ${preprocessingText(preprocessing)}`,
      ].join("\n\n"),
    };
  },
};

/** Classes as a table; `picture` is the number in its heading, null: none. */
export function classTable(classes: readonly ClassScore[], picture: number | null): string {
  const rows = classes.map(({ index, label, probability, logit }) => [
    String(index),
    label ?? "",
    probability === null ? "" : percent(probability),
    short(logit),
  ]);
  const heading = picture === null ? "" : `picture ${picture}\n`;
  return heading + table(["class", "label", "probability", "logit"], rows);
}
