import { CAM_METHODS } from "../../shared/catalogue.ts";
import type { CamAbout } from "../../shared/method.ts";
import { checkContrast } from "../../methods/cam/index.ts";
import type { Scores } from "../../methods/types.ts";
import { encodePng, overlay } from "../../pictures/index.ts";
import { breathe, usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { stack } from "../model/batches.ts";
import { camLayers } from "./layer.ts";
import { camOf, differentiated, type PictureCam } from "./maps.ts";
import type { Call, Command } from "../command.ts";
import { controlOf } from "../model/control.ts";
import { onEngine } from "../model/engine.ts";
import { readInputs, slice, type Given } from "../arguments/inputs.ts";
import { methodOf } from "../arguments/methods.ts";
import { openRunnable } from "../model/open.ts";
import { oneOf, wholeNumber } from "../arguments/options.ts";
import { short } from "../output/table.ts";
import { plain, trustLines } from "../output/trust-text.ts";
import { classTable } from "../predict/command.ts";

export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args } = call;
    const about = methodOf(call, CAM_METHODS, "grad-cam");
    const { id: method } = about;
    if (args.values.minus !== undefined) checkContrast(method);
    const model = await openRunnable(file, call);
    const { layers, why } = camLayers(model, args.values.layer);
    const { scores, score } = scored(about, model.scores, call);
    const given = await readInputs(model, args.sources);
    const runner = await onEngine(model, call);
    const request = {
      ...{ layers, scores, method },
      ...{ classes: args.values.class ?? "top", minus: args.values.minus },
      batch: args.values.batch === undefined ? null : wholeNumber(args, "batch", ONE),
      trust: args.values.trust !== undefined,
      sanity: args.values.sanity === undefined ? null : wholeNumber(args, "seed", { fallback: 0 }),
    };
    const pictures: PictureCam[] = [];
    for (let i = 0; i < given.count; i++) {
      await breathe(call.signal);
      const inputs = slice(given.inputs, i, i + 1);
      const of = given.count > 1 ? `picture ${i}, ` : "";
      const context = (what: string) => controlOf(call, `${of}${what}`);
      pictures.push(await camOf(runner, { key: `picture ${i}`, inputs }, { ...request, context }));
    }
    await write(call, given, pictures, layers.length > 1);
    const layer = layers.map(({ name }) => name).join(", ");
    return {
      engine: runner.engine.info,
      document: {
        ...{ method, layer, layers: layers.map(({ name }) => name), why, score },
        ...describe(pictures[0]),
        ...(pictures.length > 1 && { pictures: pictures.map(describe) }),
        preprocessing: model.preprocessing,
      },
      text: pictures
        .map((picture, i) => text(picture, pictures.length > 1 ? i : null))
        .concat(`${method} at ${layer}: ${why}`)
        .join("\n\n"),
    };
  },
};

const ONE = { fallback: 1, least: 1 };

/** What the method asks the network: the logit or, as ScoreCAM's paper has it, the probability; or what --score says. */
function scored(
  { id, group, score }: CamAbout,
  scores: Scores,
  { args }: Call,
): { scores: Scores; score: "logit" | "probability" | null } {
  if (score === null) return { scores, score };
  const given = oneOf(args, "score", ["logit", "probability"]);
  if (score === "probability" && args.values.score === undefined)
    return { scores, score: scores.probabilities === null ? "logit" : "probability" };
  if (score === "probability" && given === "logit")
    return { scores: { ...scores, probabilities: null }, score: "logit" };
  if (group === "runs" && score === "logit" && given === "probability" && scores.binary)
    throw usageError(`${id} of a single output works on its logit: leave --score out.`);
  return { scores: differentiated(scores, given), score: given };
}

async function write(
  { artifacts }: Call,
  given: Given,
  pictures: readonly PictureCam[],
  merged: boolean,
): Promise<void> {
  const write = (name: string, of: (picture: PictureCam) => readonly FloatTensor[]) =>
    artifacts.array(name, stack(pictures.map((picture) => stack(of(picture)))));
  const weighted = pictures.every(({ results }) => results.every(({ alpha }) => alpha));
  await write("raw", ({ results }) => results.map(({ raw }) => raw));
  if (weighted) await write("alpha", ({ results }) => results.flatMap(({ alpha }) => alpha ?? []));
  await write("heatmap", ({ heatmaps }) => heatmaps);
  if (!merged) await write("signed", ({ results }) => results.map(({ signed }) => signed));
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
    classes: picture?.classes.map((score, k) => {
      const [badge, sanity] = [picture.badges[k], picture.sanity[k]];
      return {
        ...score,
        noPositiveEvidence: hasNoEvidence(picture, k),
        ...(badge && { badge: plain(badge) }),
        ...(sanity && { sanity }),
      };
    }),
    ...(picture?.minus && { minus: picture.minus }),
    scaleMax: picture?.scaleMax,
  };
}

const hasNoEvidence = ({ results }: PictureCam, k: number): boolean =>
  results[k]?.raw.data.every((value) => value <= 0) ?? true;

function text(picture: PictureCam, number: number | null): string {
  const { classes, scaleMax, minus, badges, sanity } = picture;
  const silent = classes.filter((_, k) => hasNoEvidence(picture, k));
  return [
    classTable(classes, number),
    ...(minus
      ? [`minus class ${minus.index}${minus.label === null ? "" : ` (${minus.label})`}`]
      : []),
    `largest value ${short(scaleMax)}`,
    ...silent.map(({ index }) => `nothing in this layer speaks for class ${index}`),
    ...classes.flatMap(({ index }, k) => trustLines(index, badges[k], sanity[k])),
  ].join("\n");
}
