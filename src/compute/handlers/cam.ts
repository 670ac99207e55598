import type { CallContext } from "../../rpc/index.ts";
import { logNormalizer, topClasses } from "../../methods/predict/index.ts";
import { answered, Explained, type CamAnswer } from "../../session/index.ts";
import type { Cam, CamMap, ClassScore } from "../../shared/contract/lenses.ts";
import type { TrustBadge } from "../../shared/contract/badge.ts";
import { whereText } from "../../shared/where.ts";
import { at } from "../../base/at.ts";
import { letPaint } from "../../base/errors.ts";
import { rangeOf, toBytes } from "../../shared/tiles.ts";
import type { OpenModels } from "../../session/index.ts";
import { onPicture, type Part } from "./timed.ts";

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

/** Classes of a picture, and heat maps of the CAM family with their trust badges. */
export function camHandlers(models: OpenModels): Part<"predict" | "cam"> {
  return {
    predict: ({ model, image, top, output: name = null, thresholds }) =>
      onPicture(models, model, image, async (runner, fed) => {
        const { output, answer } = await answered(runner, fed, name, thresholds);
        const { preprocessing } = runner.model;
        const all = answer.kind === "classes" ? await runner.classes(fed, output) : [];
        return {
          ...{ image, output: output.spec.name, answer, preprocessing },
          classes: topClasses(all, top),
          logNormalizer: output.kind === "classes" ? logNormalizer(all) : null,
        };
      }),
    cam: ({ model, question, trust }, control) => {
      const started = performance.now();
      return onPicture(models, model, question.image, async (runner, fed) => {
        const explained = new Explained(runner, fed);
        const engine = runner.engine.info.name;
        const tell = (answer: CamAnswer, badges: readonly TrustBadge[] = []): unknown => {
          const seconds = (performance.now() - started) / 1000;
          const partial: Cam = { ...drawn(answer, badges), engine, seconds };
          return control.progress({ partial });
        };
        let told = started;
        const answer = await explained.cam(question, {
          context: control,
          soFar: (some) => {
            if (performance.now() - told < EVERY_MS) return;
            told = performance.now();
            tell(some());
          },
        });
        const badges: TrustBadge[] = [];
        if (trust)
          for (const [i, heat] of answer.large.entries()) {
            await beforeBadge(control, () => tell(answer, badges));
            const quiet = { ...control, progress: () => undefined };
            const { index } = at(answer.scores, i);
            badges.push(
              await explained.badge(heat, index, quiet, {
                ...{ on: answer.input, scores: answer.aim.scores },
              }),
            );
          }
        return drawn(answer, badges);
      });
    },
  };
}

/** What of an answer is drawn: maps at the size of the picture as bytes, on one scale. */
function drawn(
  { question, scores, minus, layers, why, maps, large, largest, ...over }: CamAnswer,
  badges: readonly TrustBadge[],
): Omit<Cam, "engine" | "seconds"> {
  const shown = maps.map(({ raw }, i) =>
    drawnMap(at(scores, i), raw.data, at(large, i), largest, badges[i] ?? null),
  );
  const [rows, columns] = maps[0]?.raw.shape ?? [];
  if (rows === undefined || columns === undefined) throw new RangeError("there is no map");
  return {
    ...{ question, image: question.image, method: question.method, why, minus },
    where: over.aim.where && whereText(over.aim.where),
    ...{ input: over.input, pictures: over.pictures, heatmapSize: over.size },
    ...{ layers: layers.map(({ name }) => name), rawShape: [rows, columns], maps: shown },
    ...(maps[0]?.slices && { slices: maps[0].slices }),
    scaleMax: Math.max(0, ...shown.map(({ max }) => max)),
  };
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
