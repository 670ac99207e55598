import type { CamResult } from "../../methods/cam/index.ts";
import { encodePng, overlay } from "../../pictures/index.ts";
import type { OpenModel } from "../../session/index.ts";
import type { CamMethod } from "../../shared/contract/lenses.ts";
import { breathe, inputError, nearest, usageError } from "../../shared/errors.ts";
import type { FloatTensor } from "../../shared/tensor.ts";
import { stack } from "../batches.ts";
import { camOf, differentiated, type PictureCam } from "../cam-maps.ts";
import type { Call, Command } from "../command.ts";
import { onEngine } from "../engine.ts";
import { readInputs, slice, type Given } from "../inputs.ts";
import { openRunnable, pickLayers } from "../open.ts";
import { oneOf } from "../options.ts";
import { short } from "../table.ts";
import { classTable } from "./predict.ts";

const METHODS: readonly CamMethod[] = ["grad-cam", "hires-cam"];
const LATER = ["grad-cam++", "xgrad-cam", "layer-cam", "eigen-cam", "score-cam", "ablation-cam"];

export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args } = call;
    const method = camMethod(args.values.method);
    const score = oneOf(args, "score", ["logit", "probability"]);
    const model = await openRunnable(file, call);
    const layer = camLayer(model, args.values.layer);
    const scores = differentiated(model.scores, score);
    const given = await readInputs(model, args.sources);
    const runner = await onEngine(model, call);
    const request = { layer: layer.name, scores, method, classes: args.values.class ?? "top" };
    const pictures: PictureCam[] = [];
    for (let i = 0; i < given.count; i++) {
      await breathe(call.signal);
      const inputs = slice(given.inputs, i, i + 1);
      pictures.push(await camOf(runner, { key: `picture ${i}`, inputs }, request));
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

function camMethod(text = "grad-cam"): CamMethod {
  const method = METHODS.find((candidate) => candidate === text);
  if (method) return method;
  if (LATER.includes(text)) throw usageError(`The method ${text} is not yet there.`);
  throw usageError(
    `There is no method '${text}'; the nearest are ${nearest(text, [...METHODS, ...LATER]).join(", ")}.`,
  );
}

function camLayer(model: OpenModel, text: string | undefined): { name: string; why: string } {
  const auto = model.summary.camLayer;
  const [layer, ...others] = pickLayers(model, text, {
    all: () => [],
    auto: () => {
      if (auto) return [auto.name];
      throw inputError(`${model.summary.name} has no layer with positions before its scores.`);
    },
  });
  if (!layer || others.length > 0) throw usageError("cam takes one layer: --layer NAME or auto.");
  const chosen = text !== undefined && text !== "auto";
  return { name: layer.name, why: chosen ? "Chosen with --layer." : (auto?.why ?? "") };
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
  await artifacts.array(
    "alpha",
    all(({ results }) => results.map(({ alpha }) => alpha)),
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
    scaleMax: picture?.scaleMax,
  };
}

const hasNoEvidence = (result: CamResult | undefined): boolean =>
  result?.raw.data.every((value) => value <= 0) ?? true;

function text({ classes, results, scaleMax }: PictureCam, picture: number | null): string {
  const silent = classes.filter((_, k) => hasNoEvidence(results[k]));
  return [
    classTable(classes, picture),
    `largest value ${short(scaleMax)}`,
    ...silent.map(({ index }) => `nothing in this layer speaks for class ${index}`),
  ].join("\n");
}
