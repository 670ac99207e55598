import type { Scores } from "../../methods/types.ts";
import { encodePng, overlay } from "../../pictures/index.ts";
import { breathe, usageError } from "../../shared/errors.ts";
import type { FloatTensor } from "../../shared/tensor.ts";
import { batchSize } from "../batch-size.ts";
import { stack } from "../batches.ts";
import { camLayer } from "../cam-layer.ts";
import { camOf, differentiated, type PictureCam } from "../cam-maps.ts";
import { CAM_METHODS, checkContrast, type AnyCam, type ClassMap } from "../cam-methods.ts";
import type { Call, Command } from "../command.ts";
import { controlOf } from "../control.ts";
import { onEngine } from "../engine.ts";
import { readInputs, slice, type Given } from "../inputs.ts";
import { pickMethod } from "../methods.ts";
import { openRunnable } from "../open.ts";
import { oneOf } from "../options.ts";
import { short } from "../table.ts";
import { classTable } from "./predict.ts";

export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args } = call;
    const method = pickMethod(args, CAM_METHODS);
    if (args.values.minus !== undefined) checkContrast(method);
    const model = await openRunnable(file, call);
    const layer = camLayer(model, args.values.layer);
    const { scores, score } = scored(method, model.scores, call);
    const given = await readInputs(model, args.sources);
    const runner = await onEngine(model, call);
    const request = {
      ...{ layer: layer.name, scores, method },
      ...{ classes: args.values.class ?? "top", minus: args.values.minus },
      batch: () => batchSize(args, model),
    };
    const pictures: PictureCam[] = [];
    for (let i = 0; i < given.count; i++) {
      await breathe(call.signal);
      const context = controlOf(call, given.count > 1 ? `picture ${i}` : method);
      const inputs = slice(given.inputs, i, i + 1);
      pictures.push(await camOf(runner, { key: `picture ${i}`, inputs }, { ...request, context }));
    }
    await write(call, given, pictures);
    return {
      engine: runner.engine.info,
      document: {
        ...{ method, layer: layer.name, why: layer.why, score },
        ...describe(pictures[0]),
        ...(pictures.length > 1 && { pictures: pictures.map(describe) }),
        preprocessing: model.preprocessing,
      },
      text: pictures
        .map((picture, i) => text(picture, pictures.length > 1 ? i : null))
        .concat(`${method} at ${layer.name}: ${layer.why}`)
        .join("\n\n"),
    };
  },
};

/** What the method asks the network: ScoreCAM the probability as in its paper, Eigen-CAM nothing, the others the logit. */
function scored(
  method: AnyCam,
  scores: Scores,
  { args }: Call,
): { scores: Scores; score: "logit" | "probability" | null } {
  if (method === "eigen-cam") return { scores, score: null };
  const given = oneOf(args, "score", ["logit", "probability"]);
  if (method === "score-cam" && args.values.score === undefined)
    return { scores, score: scores.probabilities === null ? "logit" : "probability" };
  if (method === "score-cam" && given === "logit")
    return { scores: { ...scores, probabilities: null }, score: "logit" };
  if (method === "ablation-cam" && given === "probability" && scores.binary)
    throw usageError("ablation-cam of a single output works on its logit: leave --score out.");
  return { scores: differentiated(scores, given), score: given };
}

async function write(
  { artifacts }: Call,
  given: Given,
  pictures: readonly PictureCam[],
): Promise<void> {
  const all = (of: (picture: PictureCam) => readonly FloatTensor[]): FloatTensor =>
    stack(pictures.map((picture) => stack(of(picture))));
  await artifacts.array(
    "raw",
    all(({ results }) => results.map(({ raw }) => raw)),
  );
  const weighted = pictures.every(({ results }) => results.every(({ alpha }) => alpha));
  if (weighted)
    await artifacts.array(
      "alpha",
      all(({ results }) => results.flatMap(({ alpha }) => alpha ?? [])),
    );
  await artifacts.array(
    "heatmap",
    all(({ heatmaps }) => heatmaps),
  );
  await artifacts.array(
    "signed",
    all(({ results }) => results.map(({ signed }) => signed)),
  );
  const single = pictures.length === 1 && pictures[0]?.classes.length === 1;
  for (const [i, { classes, heatmaps }] of pictures.entries())
    for (const [k, heatmap] of heatmaps.entries()) {
      const view = given.view(i);
      const name =
        pictures.length > 1 ? `overlay_${i}_${classes[k]?.index}` : `overlay_${classes[k]?.index}`;
      if (view)
        await artifacts.picture(single ? "overlay" : name, () =>
          encodePng(overlay(view, heatmap.data), view.width, view.height, 3),
        );
    }
}

function describe(picture: PictureCam | undefined): Record<string, unknown> {
  return {
    classes: picture?.classes.map((score, k) => ({
      ...score,
      noPositiveEvidence: hasNoEvidence(picture.results[k]),
    })),
    ...(picture?.minus && { minus: picture.minus }),
    scaleMax: picture?.scaleMax,
  };
}

const hasNoEvidence = (result: ClassMap | undefined): boolean =>
  result?.raw.data.every((value) => value <= 0) ?? true;

function text({ classes, results, scaleMax, minus }: PictureCam, picture: number | null): string {
  const silent = classes.filter((_, k) => hasNoEvidence(results[k]));
  return [
    classTable(classes, picture),
    ...(minus
      ? [`minus class ${minus.index}${minus.label === null ? "" : ` (${minus.label})`}`]
      : []),
    `largest value ${short(scaleMax)}`,
    ...silent.map(({ index }) => `nothing in this layer speaks for class ${index}`),
  ].join("\n");
}
