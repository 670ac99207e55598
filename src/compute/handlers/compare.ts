import { comparedTiles, modelDiff, topPairs, type Diff } from "../../methods/compare/index.ts";
import {
  asCompared,
  bothCams,
  bothClasses,
  bothMaps,
  compareFilters,
  mapNumbers,
  type BothCams,
  type Side,
} from "../../session/comparing.ts";
import { scalingText } from "../../session/index.ts";
import type { Both, CamPair, ComparedCam, ModelDiff } from "../../shared/contract/compare.ts";
import { rangeOf, toByte } from "../../shared/tiles.ts";
import type { State } from "../state.ts";
import { timed, type Part } from "./timed.ts";
import { viewOf } from "./view.ts";

/** A diff whose weights are still being read is sent no more often than this. */
const EVERY_MS = 250;

export function compareHandlers(
  state: State,
): Part<
  | "compare"
  | "compareFilters"
  | "compareMaps"
  | "compareCam"
  | "comparePredictions"
  | "comparePictures"
> {
  const side = async (model: string, image: string): Promise<Side> => state.run(model, image);
  return {
    compare: ({ model, other }, { signal, progress }) =>
      timed(async () => {
        const [a, b] = [await state.model(model), await state.model(other)];
        const started = performance.now();
        let told = -Infinity;
        const whole = (diff: Diff): Omit<ModelDiff, "engine" | "seconds"> => ({
          ...diff,
          names: [a.summary.name, b.summary.name],
          params: [a.summary.totals.params, b.summary.totals.params],
          macs: [a.summary.totals.macs, b.summary.totals.macs],
          preprocessing: [scalingText(a.preprocessing), scalingText(b.preprocessing)],
        });
        const diff = await modelDiff(asCompared(a), asCompared(b), { signal }, (soFar) => {
          const now = performance.now();
          if (now - told < EVERY_MS) return;
          told = now;
          const partial = { ...whole(soFar), engine: "file", seconds: (now - started) / 1000 };
          progress({ fraction: soFar.compared / (soFar.comparable || 1), partial });
        });
        return { engine: "file", result: whole(diff) };
      }),
    compareFilters: ({ model, other, ...request }) =>
      timed(async () => ({
        engine: "file",
        result: await compareFilters(await state.model(model), await state.model(other), request),
      })),
    compareMaps: ({ model, other, image, otherImage, ...request }) =>
      timed(async () => {
        const [a, b] = [await side(model, image), await side(other, otherImage)];
        const { layers, maps } = await bothMaps(a, b, request.layer);
        const [own, theirs] = [mapNumbers(maps[0]), mapNumbers(maps[1])];
        const signed = Math.min(rangeOf(own.data).min, rangeOf(theirs.data).min) < 0;
        const tiles = comparedTiles(own, theirs, request, signed);
        const result = { ...tiles, layers: [layers[0].name, layers[1].name] as const };
        return { engine: a.runner.engine.info.name, result };
      }),
    compareCam: ({ model, other, image, otherImage, ...request }, control) =>
      timed(async () => {
        const [a, b] = [await side(model, image), await side(other, otherImage)];
        const found = await bothCams(a, b, request, control);
        const result = { ...found, method: request.method, pairs: drawn(found) };
        return { engine: a.runner.engine.info.name, result };
      }),
    comparePredictions: ({ model, other, image, otherImage, top }) =>
      timed(async () => {
        const [a, b] = [await side(model, image), await side(other, otherImage)];
        const { pairs, distance, agree } = await bothClasses(a, b);
        const result = { classes: topPairs(pairs, top), distance, agree };
        return { engine: a.runner.engine.info.name, result };
      }),
    comparePictures: async ({ model, other, image, otherImage }) => [
      await viewOf(state, await state.model(model), image),
      await viewOf(state, await state.model(other), otherImage),
    ],
  };
}

function drawn({ pairs, scaleMax, magnitude }: BothCams): ComparedCam["pairs"] {
  const scale = { kind: "signed", magnitude } as const;
  const heat = (map: Float32Array): Uint8Array =>
    Uint8Array.from(map, (value) => (scaleMax > 0 ? Math.round((255 * value) / scaleMax) : 0));
  return pairs.map(({ scores, raw, large, difference }): CamPair => {
    const values: Both<Float32Array> = [
      raw[0]?.data ?? new Float32Array(),
      raw[1]?.data ?? new Float32Array(),
    ];
    return {
      ...{ scores, raw: values, heatmaps: [heat(large[0]), heat(large[1])] },
      largest: [Math.max(0, rangeOf(values[0]).max), Math.max(0, rangeOf(values[1]).max)],
      difference: difference && Uint8Array.from(difference, (value) => toByte(value, scale)),
    };
  });
}
