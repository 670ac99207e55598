import { ATTRIBUTIONS } from "../../shared/catalogue.ts";
import type { AttributeAbout } from "../../shared/method.ts";
import type { BaselineName } from "../../shared/question.ts";
import { usageError } from "../../base/errors.ts";
import { attributed, type Attributed } from "./output.ts";
import { drawAttribution, isSigned } from "./picture.ts";
import { stack } from "../model/batches.ts";
import { slicesIn, unstacked } from "../../session/index.ts";
import { camLayers } from "../cam/layer.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../model/engine.ts";
import { notesOf, readInputs, slice, type Given } from "../arguments/inputs.ts";
import { methodOf } from "../arguments/methods.ts";
import { targetOf } from "../arguments/target.ts";
import { openRunnable } from "../model/open.ts";
import { oneOf, scoreOf, sourcesText, wholeNumber } from "../arguments/values.ts";
import { short } from "../output/table.ts";
import { plain, trustLines } from "../output/trust-text.ts";
import { ofOutput, targetText } from "../output/target-text.ts";
import { classTable } from "../predict/command.ts";

/** Attributions of each picture and class, with completeness gaps and, where asked for, trust. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args } = call;
    const about = methodOf(call, ATTRIBUTIONS, "gradient");
    const { id: method, warning } = about;
    const model = await openRunnable(file, call);
    const target = targetOf(args, model);
    const { layer, on = null } = args.values;
    const guide = about.options.layer === undefined ? null : guideName(camLayers(model, layer));
    const batch = args.values.batch === undefined ? null : wholeNumber(args, "batch", AT_LEAST_ONE);
    const question = {
      ...({ kind: "attribute", method, image: sourcesText(args) } as const),
      ...{ output: target.output, where: target.where },
      ...{ score: scoreOf(args) ?? "logit", layer: guide, on },
      baseline: oneOf(args, "baseline", BASELINES),
      steps: args.values.steps === undefined ? null : wholeNumber(args, "steps", AT_LEAST_ONE),
      seed: wholeNumber(args, "seed", { fallback: 0 }),
    };
    const given = await readInputs(model, call);
    const runner = await onEngine(model, call);
    const pictures: Attributed[][] = [];
    for (let i = 0; i < given.count; i++) {
      const inputs = slice(given.inputs, i, i + 1);
      const fed = { key: `picture ${i}`, inputs };
      pictures.push(await attributed(runner, call, fed, question, target, batch));
    }
    await write(call, given, pictures);
    return {
      engine: runner.engine.info,
      document: {
        ...{ method, score: question.score, seed: question.seed, baseline: question.baseline },
        ...guideOf(pictures[0]),
        input: pictures[0]?.[0]?.result.input,
        ...ofOutput(pictures[0]?.[0]?.result.aim, indicesOf(pictures[0])),
        ...describe(pictures[0]),
        ...(pictures.length > 1 && { pictures: pictures.map(describe) }),
        ...(warning !== undefined && { warning }),
        preprocessing: model.preprocessing,
        ...notesOf(given),
      },
      text: [
        ...pictures.map((picture, i) => text(about, picture, pictures.length > 1 ? i : null)),
        ...(warning === undefined ? [] : [`warning: ${warning}`]),
      ].join("\n\n"),
    };
  },
};

const indicesOf = (found: readonly Attributed[] = []): number[] =>
  found.map(({ result }) => result.score.index);

const AT_LEAST_ONE = { fallback: 1, least: 1 };

const BASELINES: [BaselineName, ...BaselineName[]] = ["black", "mean", "blurred"];

/** null: the automatic one. */
function guideName([layer, ...others]: readonly string[]): string | null {
  if (layer === undefined || others.length > 0)
    throw usageError("Guided Grad-CAM takes one layer: --layer NAME or auto.");
  return layer === "auto" ? null : layer;
}
const guideOf = ([first]: readonly Attributed[] = []): { layer?: string } =>
  first && first.result.guide !== null ? { layer: first.result.guide } : {};

async function write(
  { artifacts, models: [model] }: Call,
  given: Given,
  pictures: readonly (readonly Attributed[])[],
): Promise<void> {
  const each = pictures.map((found) =>
    stack(
      found.map(({ result: { attribution, input } }) =>
        unstacked(attribution, model && slicesIn(model.graph, input)),
      ),
    ),
  );
  await artifacts.array("attribution", stack(each));
  const single = pictures.length === 1 && pictures[0]?.length === 1;
  for (const [i, found] of pictures.entries())
    for (const { result } of found) {
      const view = await given.view(i, result.input);
      const name =
        pictures.length > 1
          ? `overlay_${i}_${result.score.index}`
          : `overlay_${result.score.index}`;
      if (view)
        await artifacts.picture(single ? "overlay" : name, () =>
          drawAttribution(result.attribution, view, result.flat?.stretch),
        );
    }
}

function describe(found: readonly Attributed[] = []): Record<string, unknown> {
  const classes = found.map(({ result: { score, completeness, steps, flat }, badge, sanity }) => ({
    ...{ ...score, delta: completeness?.gap ?? null, steps },
    ...(flat && { note: flat.note }),
    ...(completeness && { completeness }),
    ...(badge && { badge: plain(badge) }),
    ...(sanity && { sanity }),
  }));
  const { delta, steps, badge } = classes[0] ?? {};
  return { classes, delta, steps, ...(badge && { badge }) };
}

const signs = ({ tells }: AttributeAbout): string =>
  tells === "direction"
    ? "where a pixel is red the score grows with it, where blue it falls"
    : "red speaks for the class, blue against it";

function text(about: AttributeAbout, found: readonly Attributed[], picture: number | null): string {
  const lines = found.flatMap(({ result: { score, completeness, ...result }, badge, sanity }) => [
    ...(completeness
      ? [
          `class ${score.index}: completeness gap ${completeness.history.map(({ steps, gap }) => `${short(gap)} after ${steps} steps`).join(", ")}`,
          `  ${completeness.meaning}`,
        ]
      : []),
    ...(result.flat ? [result.flat.note] : []),
    ...trustLines(score.index, badge, sanity),
    ...(isSigned(result.attribution) ? [signs(about)] : []),
  ]);
  const table = classTable(
    found.map(({ result }) => result.score),
    picture,
  );
  const [first] = found;
  return [
    table,
    ...(first ? targetText(first.result.aim, indicesOf(found)) : []),
    ...new Set(lines),
  ].join("\n");
}
