import { usualCam } from "../../shared/question.ts";
import { CAM_METHODS } from "../../shared/catalogue.ts";
import { checkContrast } from "../../methods/cam/index.ts";
import { encodePng, overlay } from "../../pictures/index.ts";
import { at } from "../../base/at.ts";
import { enlarged, unstacked, type CamAnswer } from "../../session/index.ts";
import { breathe, usageError } from "../../base/errors.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { stack } from "../model/batches.ts";
import { camLayers } from "./layer.ts";
import { camOf, type PictureCam } from "./maps.ts";
import type { Call, Command } from "../command.ts";
import { controlOf } from "../model/control.ts";
import { onEngine } from "../model/engine.ts";
import { notesOf, readInputs, slice, type Given } from "../arguments/inputs.ts";
import { methodOf } from "../arguments/methods.ts";
import { targetOf } from "../arguments/target.ts";
import { openRunnable } from "../model/open.ts";
import { scoreOf, sourcesText, wholeNumber } from "../arguments/values.ts";
import { short } from "../output/table.ts";
import { plain, trustLines } from "../output/trust-text.ts";
import { ofOutput, targetText } from "../output/target-text.ts";
import { classTable } from "../predict/command.ts";

/** Heat maps of the CAM family for the classes that are named, all of a picture on one scale. */
export const command: Command = {
  needsModel: true,
  async run(file, call) {
    const { args } = call;
    const model = await openRunnable(file, call);
    const on = args.values.on ?? null;
    const target = targetOf(args, model);
    const { kind } = model.outputs.find(target.output);
    const layers = camLayers(model, args.values.layer);
    const { id: method } = methodOf(call, CAM_METHODS, usualCam(kind, layers[0] !== "auto"));
    if (args.values.minus !== undefined) checkContrast(method);
    const score = scoreOf(args);
    if (score !== null && CAM_METHODS[method].score === null)
      throw usageError(`${method} asks the network for no score: leave --score out.`);
    const given = await readInputs(model, call);
    const runner = await onEngine(model, call);
    const request = {
      question: {
        ...({ kind: "cam", method, image: sourcesText(args) } as const),
        ...{ output: target.output, where: target.where },
        ...{ layers, score, on },
      },
      ...{ target, minus: args.values.minus },
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
    await write(call, given, pictures);
    return {
      engine: runner.engine.info,
      document: {
        method,
        ...{ input: pictures[0]?.answer.input, inputs: pictures[0]?.answer.pictures },
        ...ofOutput(pictures[0]?.answer.aim, indicesOf(pictures[0])),
        score: pictures[0]?.answer.score,
        ...noteOf(pictures[0]),
        ...describe(pictures[0]),
        ...(pictures.length > 1 && { pictures: pictures.map(describe) }),
        preprocessing: model.preprocessing,
        ...notesOf(given),
      },
      text: pictures
        .map((picture, i) => text(picture, pictures.length > 1 ? i : null))
        .concat(whereText(pictures))
        .join("\n\n"),
    };
  },
};

const indicesOf = (picture: PictureCam | undefined): number[] =>
  picture?.answer.scores.map(({ index }) => index) ?? [];

const ONE = { fallback: 1, least: 1 };

async function write(
  { artifacts }: Call,
  given: Given,
  pictures: readonly PictureCam[],
): Promise<void> {
  const write = (name: string, of: (picture: PictureCam) => readonly FloatTensor[]) =>
    artifacts.array(name, stack(pictures.map((picture) => stack(of(picture)))));
  const weighted = pictures.every(({ answer }) => answer.maps.every(({ alpha }) => alpha));
  await write("raw", ({ answer }) =>
    answer.maps.map(({ raw, slices }) => unstacked(raw, slices?.[0])),
  );
  if (weighted)
    await write("alpha", ({ answer }) => answer.maps.flatMap(({ alpha }) => alpha ?? []));
  await write("heatmap", ({ answer, heatmaps }) =>
    heatmaps.map((map, k) => unstacked(map, at(answer.maps, k).slices?.[1])),
  );
  const merged = pictures.some(({ answer }) => answer.layers.length > 1);
  if (!merged)
    await write("signed", ({ answer }) =>
      answer.maps.map(({ signed, slices }) => unstacked(signed, slices?.[0])),
    );
  const single = pictures.length === 1 && pictures[0]?.heatmaps.length === 1;
  for (const [i, { answer, heatmaps }] of pictures.entries())
    for (const [k, heatmap] of heatmaps.entries()) {
      const { index } = at(answer.scores, k);
      const name = pictures.length > 1 ? `overlay_${i}_${index}` : `overlay_${index}`;
      for (const input of answer.pictures) {
        const view = await given.view(i, input);
        const own = input === answer.input;
        if (!view) continue;
        const heat = own ? heatmap.data : onScale(answer, k, [view.height, view.width]);
        await artifacts.picture(`${single ? "overlay" : name}${own ? "" : `_on_${input}`}`, () =>
          encodePng(overlay(view, heat), view.width, view.height, 3),
        );
      }
    }
}

/** The map of class number `k` at the size of another picture, on the scale of all the classes. */
const onScale = (
  { maps, largest }: CamAnswer,
  k: number,
  size: readonly [number, number],
): Float32Array => enlarged(at(maps, k), size).map((value) => (largest > 0 ? value / largest : 0));

function describe(picture: PictureCam | undefined): Record<string, unknown> {
  return {
    ...(picture && layersOf(picture.answer)),
    classes: picture?.answer.scores.map((score, k) => {
      const [badge, sanity] = [picture.badges[k], picture.sanity[k]];
      return {
        ...score,
        noPositiveEvidence: hasNoEvidence(picture, k),
        ...(badge && { badge: plain(badge) }),
        ...(sanity && { sanity }),
      };
    }),
    ...(picture?.answer.minus && { minus: picture.answer.minus }),
    scaleMax: picture?.answer.largest,
  };
}

/** Where the maps were made: of a detector's boxes it may be elsewhere from picture to picture. */
const layersOf = ({ layers, why }: CamAnswer): { layer: string; layers: string[]; why: string } => {
  const names = layers.map(({ name }) => name);
  return { layer: names.join(", "), layers: names, why };
};
const whereText = (pictures: readonly PictureCam[]): string[] => [
  ...new Set(
    pictures.map(({ answer }) => {
      const { layer, why } = layersOf(answer);
      return `${answer.question.method} at ${layer}: ${why}`;
    }),
  ),
];

const noteOf = (picture: PictureCam | undefined): { note?: string } =>
  picture?.answer.note ? { note: picture.answer.note } : {};
const hasNoEvidence = ({ answer }: PictureCam, k: number): boolean =>
  at(answer.maps, k).raw.data.every((value) => value <= 0);

function text(picture: PictureCam, number: number | null): string {
  const { answer, badges, sanity } = picture;
  const { scores, largest, minus } = answer;
  const silent = scores.filter((_, k) => hasNoEvidence(picture, k));
  return [
    classTable(scores, number),
    ...targetText(answer.aim, indicesOf(picture)),
    ...(answer.note === null ? [] : [answer.note]),
    ...(minus
      ? [`minus class ${minus.index}${minus.label === null ? "" : ` (${minus.label})`}`]
      : []),
    `largest value ${short(largest)}`,
    ...silent.map(({ index }) => `nothing in this layer speaks for class ${index}`),
    ...scores.flatMap(({ index }, k) => trustLines(index, badges[k], sanity[k])),
  ].join("\n");
}
