import { upsample } from "../../methods/cam/index.ts";
import { topClasses } from "../../methods/predict/index.ts";
import { pictureInput, pictureSize } from "../../session/index.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import { usageError } from "../../shared/errors.ts";
import { rangeOf } from "../../shared/tiles.ts";
import type { State } from "../state.ts";
import { timed, type Part } from "./timed.ts";

export function camHandlers(state: State): Part<"predict" | "cam"> {
  return {
    predict: ({ model, image, top }) =>
      timed(async () => {
        const { runner, fed } = await state.run(model, image);
        const classes = topClasses(await runner.classes(fed), top);
        const { preprocessing } = runner.model;
        return { engine: runner.engine.info.name, result: { image, classes, preprocessing } };
      }),
    cam: ({ model, image, layer: name, classes: wanted, method }) =>
      timed(async () => {
        const { runner, fed } = await state.run(model, image);
        const { layer, why } = runner.camLayer(name);
        const scores = chosen(await runner.classes(fed), wanted);
        const indices = scores.map(({ index }) => index);
        const results = await runner.cam(fed, layer, indices, method);
        const [h = 1, w = 1] = results[0]?.raw.shape ?? [];
        const [height, width] = pictureSize(pictureInput(runner.model.graph));
        const large = results.map(({ raw }) => upsample(raw.data, [h, w], [height, width]));
        const brightest = Math.max(0, ...large.map((map) => rangeOf(map).max));
        const maps = results.flatMap(({ raw }, i) => {
          const [score, map] = [scores[i], large[i]];
          if (!score || !map) return [];
          const heatmap = Uint8Array.from(map, (value) =>
            brightest > 0 ? Math.round((value / brightest) * 255) : 0,
          );
          const max = Math.max(0, rangeOf(raw.data).max);
          return [{ score, raw: raw.data, max, noPositiveEvidence: max <= 0, heatmap }];
        });
        const scaleMax = Math.max(0, ...maps.map(({ max }) => max));
        const result = {
          image,
          method,
          layer: layer.name,
          why,
          rawShape: [h, w] as const,
          heatmapSize: [height, width] as const,
          scaleMax,
          maps,
        };
        return { engine: runner.engine.info.name, result };
      }),
  };
}

function chosen(
  all: readonly ClassScore[],
  wanted: readonly number[] | { readonly top: number },
): ClassScore[] {
  if ("top" in wanted) return topClasses(all, wanted.top);
  return wanted.map((index) => {
    const score = all[index];
    if (!score) throw usageError(`Class ${index} is outside 0..${all.length - 1}.`);
    return score;
  });
}
