import { classScores, topClasses } from "../../methods/predict/index.ts";
import type { Output } from "../../methods/outputs/index.ts";
import { answered, type OpenModel, type Runner } from "../../session/index.ts";
import { breathe, usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { Answer, Thresholds } from "../../shared/contract/outputs.ts";
import type { Call, Command, Result } from "../command.ts";
import { concat, inBatches, withoutBatch } from "../model/batches.ts";
import { onEngine } from "../model/engine.ts";
import { notesOf, readInputs, slice, type Given } from "../arguments/inputs.ts";
import { openRunnable } from "../model/open.ts";
import { wholeNumber } from "../arguments/values.ts";
import { thresholdsOf } from "../arguments/thresholds.ts";
import { percent, short, table } from "../output/table.ts";
import { preprocessingText } from "../inspect/command.ts";
import { answerDocument, answerText, keepDrawn } from "./answer.ts";

/** What an output says of each picture: the most likely classes, or what it has in their place. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const model = await openRunnable(file, call);
    const output = model.outputs.find(call.args.values.output ?? null);
    refuseOfClasses(call.args, output);
    const thresholds = thresholdsOf(call.args, model, output);
    const given = await readInputs(model, call);
    const runner = await onEngine(model, call);
    const how = { given, runner, output, thresholds };
    return output.kind === "classes" ? classesOf(how, call) : answersOf(how, call);
  },
};

/** Throws a usage error for what only class scores of the whole picture make use of. */
function refuseOfClasses({ values }: Call["args"], { kind, spec }: Output): void {
  if (kind === "classes") return;
  if (values.batch !== undefined)
    throw usageError(
      `--batch runs several pictures at once for their class scores, and what '${spec.name}' says (${kind}) is told of one after another: leave it out.`,
    );
  if (values.top === undefined) return;
  throw usageError(
    `--top lists classes, and the output '${spec.name}' has none of the whole picture (${kind}): leave it out.`,
  );
}

interface How {
  readonly given: Given;
  readonly runner: Runner;
  readonly output: Output;
  readonly thresholds: Partial<Thresholds>;
}

/** With the whole logits and probabilities as arrays. */
async function classesOf({ given, runner, output }: How, call: Call): Promise<Result> {
  const { args, artifacts } = call;
  const { outputs, preprocessing } = runner.model;
  const top = wholeNumber(args, "top", { fallback: 5, least: 1 });
  const scores = outputs.classes(output);
  const nodes = [scores.logits, ...(scores.probabilities === null ? [] : [scores.probabilities])];
  const parts = await inBatches(given, call, (fed) => runner.values(fed, nodes, scores.graph));
  const [logits, probabilities = null] = nodes.map((_, i) => concat(parts, i));
  if (!logits) throw new RangeError("the engine returned no logits");
  await artifacts.array("logits", withoutBatch(logits));
  if (probabilities) await artifacts.array("probabilities", withoutBatch(probabilities));
  const labels = runner.labelsOf(output);
  const pictures = Array.from({ length: given.count }, (_, row) =>
    topClasses(classScores(scores, { logits, probabilities }, labels, row), top),
  );
  return {
    engine: runner.engine.info,
    document: {
      ...{ output: output.spec.name, kind: output.kind, classes: pictures[0] ?? [] },
      ...(given.count > 1 && { pictures: pictures.map((classes) => ({ classes })) }),
      preprocessing,
      ...notesOf(given),
    },
    text: [
      ...pictures.map((classes, i) => classTable(classes, given.count > 1 ? i : null)),
      ...othersText(runner.model, output),
      `preprocessing: ${preprocessingText(preprocessing)}`,
    ].join("\n\n"),
  };
}

/** With the output itself as an array. */
async function answersOf({ given, runner, output, thresholds }: How, call: Call): Promise<Result> {
  const { model, engine } = runner;
  const several = given.count > 1;
  const picture = model.summary.pictures[0] ?? "";
  const [answers, values]: [Answer[], FloatTensor[]] = [[], []];
  for (let i = 0; i < given.count; i++) {
    await breathe(call.signal);
    const fed = { key: `picture ${i}`, inputs: slice(given.inputs, i, i + 1) };
    const { answer } = await answered(runner, fed, output.spec.name, thresholds);
    answers.push(answer);
    const { spec } = model.outputs.computed(output);
    values.push(...(await runner.values(fed, [spec.node], model.outputs.graphOf(output))));
    await keepDrawn(call.artifacts, answer, await given.view(i, picture), several ? i : null);
  }
  await call.artifacts.array("output", withoutBatch(concat([values], 0)));
  const [first] = answers;
  return {
    engine: engine.info,
    document: {
      ...{ output: output.spec.name, why: output.why, guessed: output.guessed },
      ...(first && answerDocument(first)),
      ...(several && { pictures: answers.map(answerDocument) }),
      preprocessing: model.preprocessing,
      ...notesOf(given),
    },
    text: [
      `${output.spec.name}: ${output.kind}${output.guessed ? " (a guess)" : ""}. ${output.why}`,
      ...answers.map((answer, i) => answerText(answer, several ? i : null)),
      ...othersText(model, output),
      `preprocessing: ${preprocessingText(model.preprocessing)}`,
    ].join("\n\n"),
  };
}

/** Which outputs there are beside the one that is told. */
function othersText({ outputs }: OpenModel, output: Output): string[] {
  const others = outputs.own.filter((other) => other !== output);
  if (others.length === 0) return [];
  const names = others.map(({ spec, kind }) => `${spec.name} (${kind})`).join(", ");
  return [`this is the output '${output.spec.name}'; others, with --output: ${names}`];
}

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
