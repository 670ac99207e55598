import { report } from "../../report/index.ts";
import { inputError, usageError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { classCount } from "../../methods/outputs/index.ts";
import { pickClasses, pictureFiles, type OpenModel } from "../../session/index.ts";
import { classTarget, type ReportQuestion, type Targets } from "../../shared/question.ts";
import { whereText } from "../../shared/where.ts";
import { targetOf, type TargetText } from "../arguments/target.ts";
import { thresholdsOf } from "../arguments/thresholds.ts";
import type { Call, Command } from "../command.ts";
import { controlOf } from "../model/control.ts";
import { onEngine } from "../model/engine.ts";
import { openModel } from "../model/open.ts";
import { version } from "../version.ts";

const MOST_PICTURES = 50;

/** Writes `report.html` on the model and at most 50 pictures. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { artifacts, signal } = call;
    if (artifacts.folder === null)
      throw usageError("report writes a file: name its folder with --out DIR.");
    const pictures = await picturesOf(call);
    const model = await openModel(file, call);
    const { name, notRunnable } = model.summary;
    if (notRunnable !== null && pictures.length > 0) throw inputError(`${name}: ${notRunnable}`);
    const runner = pictures.length > 0 ? await onEngine(model, call) : null;
    const target = targetOf(call.args, model);
    // behind an operation that is not run there is none: what lies before it is reported all the same
    const speaks = target.output !== null || model.outputs.own.length > 0;
    const output = runner && speaks ? model.outputs.find(target.output) : null;
    const thresholds = output ? thresholdsOf(call.args, model, output) : {};
    const question: ReportQuestion = {
      ...{ output: target.output, where: target.where, of: null },
      ...{ targets: named(target, model), thresholds },
    };
    const control = controlOf(call, "report");
    signal.throwIfAborted();
    const page = await report(
      { model, runner, pictures, question, version: await version(), date: new Date() },
      control,
    );
    model.close();
    const written = await artifacts.page("report", page);
    return {
      engine: runner?.engine.info ?? null,
      document: {
        ...(output && { output: output.spec.name, kind: output.kind }),
        ...(target.where && { target: whereText(target.where) }),
        ...{ pictures, report: written, bytes: Buffer.byteLength(page) },
      },
      text: `${name} and ${pictures.length} picture${pictures.length === 1 ? "" : "s"}: ${plainText(written)}`,
    };
  },
};

/** The classes that are named behind a place; null: the likeliest. */
function named(
  { classes, named: isNamed, output: name }: TargetText,
  model: OpenModel,
): Targets | null {
  if (!isNamed) return null;
  const output = model.outputs.scored(model.outputs.find(name));
  const count = classCount(output) ?? output.numbers;
  const labels = model.labels?.length === count ? model.labels : null;
  const all = Array.from({ length: count }, (_, index) => ({
    ...{ index, label: labels?.[index] ?? null },
    ...{ logit: 0, probability: null },
  }));
  return pickClasses(classes, all).map(({ index }) => classTarget(index));
}

/** Every --image, and those in the folder of --images and below. */
async function picturesOf({ args }: Call): Promise<string[]> {
  const given = args.sources.map(({ kind, text }) => {
    if (kind === "image") return text;
    throw usageError(
      "report shows pictures: use --image FILE or --images DIR in place of --input.",
    );
  });
  const folder = args.values.images;
  const all = [...given, ...(folder === undefined ? [] : await pictureFiles([folder]))];
  if (all.length > MOST_PICTURES)
    throw usageError(`A report holds at most ${MOST_PICTURES} pictures; ${all.length} were given.`);
  return all;
}
