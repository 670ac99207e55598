import type { CallContext } from "../../rpc/index.ts";
import type { ClassMap } from "../../methods/cam/index.ts";
import { topClasses } from "../../methods/predict/index.ts";
import { Explained, onOneScale } from "../../session/index.ts";
import type { Cam, CamMap, ClassScore } from "../../shared/contract/lenses.ts";
import type { TrustBadge } from "../../shared/contract/trust.ts";
import { letPaint, usageError } from "../../base/errors.ts";
import { rangeOf, toBytes } from "../../shared/tiles.ts";
import type { OpenModels } from "../../session/index.ts";
import { timed, type Part } from "./timed.ts";

/** Said while deletion and insertion run. */
const MEASURING = "Measuring how well the map orders the pixels …";
/** Unfinished maps are sent no more often than this. */
const EVERY_MS = 300;

/** What `show` sends has left, and had time to be painted, before a badge takes every processor. */
export async function beforeBadge(
  { progress, signal }: CallContext,
  show: () => unknown,
): Promise<void> {
  await show();
  progress({ message: MEASURING });
  await letPaint(signal);
}

export function camHandlers(models: OpenModels): Part<"predict" | "cam"> {
  return {
    predict: ({ model, image, top }) =>
      timed(async () => {
        const { runner, fed } = await models.run(model, image);
        const classes = topClasses(await runner.classes(fed), top);
        const { preprocessing } = runner.model;
        return { engine: runner.engine.info.name, result: { image, classes, preprocessing } };
      }),
    cam: ({ model, image, layers: names, classes: wanted, method, minus: other, trust }, control) =>
      timed(async () => {
        const started = performance.now();
        const { runner, fed } = await models.run(model, image);
        const { layers, why } = runner.camLayers(names);
        const all = await runner.classes(fed);
        const scores = chosen(all, wanted);
        const [minus = null] = other === null ? [] : chosen(all, [other]);
        const explained = new Explained(runner, fed);
        const facts = {
          ...{ image, method, why, minus },
          layers: layers.map(({ name }) => name),
          heatmapSize: explained.size,
        };
        const engine = runner.engine.info.name;
        const tell = (maps: readonly ClassMap[], badges: readonly TrustBadge[] = []): unknown => {
          const seconds = (performance.now() - started) / 1000;
          const partial: Cam = { ...facts, ...drawn(maps, scores, badges, facts), engine, seconds };
          return control.progress({ partial });
        };
        let told = started;
        const maps = await explained.heatMaps({
          ...{ layers, method, minus: minus?.index ?? null, context: control },
          classes: scores.map(({ index }) => index),
          soFar: (some) => {
            if (performance.now() - told < EVERY_MS) return;
            told = performance.now();
            tell(some);
          },
        });
        const badges: TrustBadge[] = [];
        if (trust)
          for (const [i, heat] of onOneScale(maps, explained.size).large.entries()) {
            await beforeBadge(control, () => tell(maps, badges));
            const quiet = { ...control, progress: () => undefined };
            badges.push(await explained.badge(heat, scores[i]?.index ?? 0, quiet));
          }
        return { engine, result: { ...facts, ...drawn(maps, scores, badges, facts) } };
      }),
  };
}

/** What of a result is drawn: maps at the size of the picture as bytes, on one scale. */
function drawn(
  results: readonly ClassMap[],
  scores: readonly ClassScore[],
  badges: readonly TrustBadge[],
  { heatmapSize }: Pick<Cam, "heatmapSize">,
): Pick<Cam, "rawShape" | "scaleMax" | "maps"> {
  const { large, largest } = onOneScale(results, heatmapSize);
  const maps = results.flatMap(({ raw }, i) => {
    const [score, map] = [scores[i], large[i]];
    if (!score || !map) return [];
    return [drawnMap(score, raw.data, map, largest, badges[i] ?? null)];
  });
  const [h = 1, w = 1] = results[0]?.raw.shape ?? [];
  return { rawShape: [h, w], scaleMax: Math.max(0, ...maps.map(({ max }) => max)), maps };
}

/** One map: `raw` at the layer's resolution, `large` at that of the picture; the value `largest` becomes 255. */
export function drawnMap(
  score: ClassScore,
  raw: Float32Array,
  large: Float32Array,
  largest: number,
  badge: TrustBadge | null,
): CamMap {
  const max = Math.max(0, rangeOf(raw).max);
  const heatmap = toBytes(large, (value) => (largest > 0 ? (value / largest) * 255 : 0));
  return { score, raw, max, noPositiveEvidence: max <= 0, heatmap, badge };
}

/** The classes that are asked for; throws a usage error for one that the model does not have. */
export function chosen(
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
