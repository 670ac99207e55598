import { at } from "../../base/at.ts";
import { modelDiff, type Diff } from "../../methods/compare/index.ts";
import {
  asCompared,
  bothCams,
  bothKernels,
  bothMaps,
  compareFilters,
  compareMaps,
  subtracted,
  type BothCams,
} from "../../session/compare/comparing.ts";
import { agreement, bothAims, rankedPairs, type Side } from "../../session/compare/both-aims.ts";
import { isNumber, scalingText, viewOf } from "../../session/index.ts";
import type {
  Both,
  CamPair,
  ComparedCam,
  ComparedNumbers,
  ModelDiff,
} from "../../shared/contract/compare.ts";
import { usageError } from "../../base/errors.ts";
import type { Layer } from "../../graph/index.ts";
import { filled, floats, type FloatTensor } from "../../base/tensor.ts";
import { toByte, toBytes } from "../../shared/tiles.ts";
import type { CamFacts, CamMap } from "../../shared/contract/lenses.ts";
import type { OpenModels } from "../../session/index.ts";
import type { CamQuestion } from "../../shared/question.ts";
import { whereText } from "../../shared/where.ts";
import { drawnMap } from "./cam.ts";
import { timed, type Part } from "./timed.ts";

/** A diff whose weights are still being read is sent no more often than this. */
const EVERY_MS = 250;

/** Comparisons of two models, checkpoints or pictures, A and B. */
export function compareHandlers(
  models: OpenModels,
): Part<
  | "compare"
  | "compareFilters"
  | "compareMaps"
  | "compareNumbers"
  | "compareCam"
  | "comparePredictions"
  | "comparePictures"
> {
  const side = async (model: string, image: string): Promise<Side> => models.run(model, image);
  return {
    compare: ({ model, other }, { signal, progress }) =>
      timed(async () => {
        const [a, b] = [await models.model(model), await models.model(other)];
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
        result: await compareFilters(await models.model(model), await models.model(other), request),
      })),
    compareMaps: ({ model, other, image, otherImage, ...request }) =>
      timed(async () => {
        const [a, b] = [await side(model, image), await side(other, otherImage)];
        const { tiles: result } = await compareMaps(a, b, request);
        return { engine: a.runner.engine.info.name, result };
      }),
    compareNumbers: async ({ model, other, layer, pictures, index }) => {
      const [a, b] = [await models.model(model), await models.model(other)];
      if (!pictures) return onlyNumbers(await bothKernels(a, b, layer), index);
      const sides = [await side(model, pictures[0]), await side(other, pictures[1])] as const;
      return onlyNumbers(await bothMaps(...sides, layer), index);
    },
    compareCam: ({ model, other, question, otherImage, difference }, control) =>
      timed(async () => {
        const [a, b] = [await side(model, question.image), await side(other, otherImage)];
        const found = await bothCams(a, b, { question, difference }, control);
        const result = drawn(found, [question, { ...question, image: otherImage }]);
        return { engine: a.runner.engine.info.name, result };
      }),
    comparePredictions: ({ model, other, image, otherImage, top, ...of }) =>
      timed(async () => {
        const [a, b] = [await side(model, image), await side(other, otherImage)];
        const both = await bothAims(a, b, of, false);
        const [{ output, where }] = both.aims;
        const result = {
          ...{ output: output.spec.name, where: where && whereText(where) },
          ...{ isNumber: isNumber(both.aims[0]), classes: rankedPairs(both, top) },
          ...agreement(both),
        };
        return { engine: a.runner.engine.info.name, result };
      }),
    comparePictures: async ({ model, other, image, otherImage }) => [
      await viewOf(await models.model(model), models.pictures, image),
      await viewOf(await models.model(other), models.pictures, otherImage),
    ],
  };
}

/** All, or one entry of the last axis. Throws a ConvLensError of kind `usage` for one that is not there. */
function onlyNumbers(
  { layers, values }: { layers: Both<Layer>; values: Both<FloatTensor> },
  index: number | null,
): ComparedNumbers {
  const [a, b] = index === null ? values : [entry(values[0], index), entry(values[1], index)];
  const equal = a.shape.join() === b.shape.join();
  return {
    layers: [layers[0].name, layers[1].name],
    shapes: [a.shape, b.shape],
    values: [a.data, b.data],
    difference: equal ? subtracted(a.data, b.data) : null,
  };
}

function entry({ shape, data }: FloatTensor, index: number): FloatTensor {
  const count = shape.at(-1) ?? 1;
  if (!(Number.isInteger(index) && index >= 0 && index < count))
    throw usageError(`Number ${index} is outside 0..${count - 1}.`);
  const own = filled(new Float32Array(data.length / count), (row) => at(data, row * count + index));
  return floats(shape.slice(0, -1), own);
}

/** Both sides as the Grad-CAM lens draws them, on one scale, and the difference. */
function drawn(
  found: BothCams,
  questions: Both<CamQuestion>,
): Omit<ComparedCam, "engine" | "seconds"> {
  const { scaleMax, magnitude, largestDifference, why } = found;
  const facts = (side: 0 | 1): CamFacts => {
    const layers = found.layers[side];
    const aim = found.aims[side];
    const where = aim.where && whereText(aim.where);
    const question = { ...questions[side], layers };
    const { image, method } = question;
    return {
      ...{ question, image, method, layers, why, minus: null, where, scaleMax },
      ...{ rawShape: found.rawShapes[side], heatmapSize: found.overs[side].size },
      ...{ input: found.overs[side].input, pictures: [found.overs[side].input] },
    };
  };
  const scale = { kind: "signed", magnitude } as const;
  const pairs = found.pairs.map(({ scores, raw, large, difference }): CamPair => {
    const map = (side: 0 | 1): CamMap | null => {
      const [score, values] = [scores[side], raw[side]];
      return score && values && drawnMap(score, values.data, large[side], scaleMax, null);
    };
    return {
      maps: [map(0), map(1)],
      difference: difference && toBytes(difference, (value) => toByte(value, scale)),
    };
  });
  return { sides: [facts(0), facts(1)], pairs, magnitude, largestDifference };
}
