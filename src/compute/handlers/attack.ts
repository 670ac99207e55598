import { at } from "../../base/at.ts";
import type { ChangedMap } from "../../methods/attack/changed-maps.ts";
import { directionOf } from "../../methods/attack/rules.ts";
import type { CandidateScore } from "../../methods/attack/score.ts";
import { topClasses } from "../../methods/predict/index.ts";
import {
  asPictures,
  attack,
  attacked,
  attackedInput,
  attackStory,
  pictureInput,
  pictureSize,
  type Aim,
  type Attacked,
  type Runner,
} from "../../session/index.ts";
import type { ClassScore } from "../../shared/contract/lenses.ts";
import type { Attack } from "../../shared/contract/experiments.ts";
import { whereText } from "../../shared/where.ts";
import { rangeOf, toBytes } from "../../shared/tiles.ts";
import { asFloats, type FloatTensor } from "../../base/tensor.ts";
import type { OpenModels } from "../../session/index.ts";
import { onPicture, type Part } from "./timed.ts";

const SHOWN_CLASSES = 5;
/** Elements of input that are scored at once: a few hundred small pictures, a few dozen large ones. */
const BATCH_ELEMENTS = 5e6;

/** One- and k-pixel attacks, with what they change in classes, heat map and feature maps. */
export function attackHandlers(models: OpenModels): Part<"attack"> {
  return {
    attack: ({ model, question }, control) =>
      onPicture(models, model, question.image, async (runner, fed) => {
        attackedInput(runner.model.graph);
        const input = asFloats(at(fed.inputs, 0));
        // what is attacked is the picture as it can be saved
        const rounded = asPictures(input, runner.model.preprocessing).rounded;
        const place = { key: `attack ${performance.now()}`, inputs: [rounded] };
        const found = await attacked(runner, place, question, question.trueClass !== null);
        const started = performance.now();
        const perSecond = (evaluations: number): number =>
          evaluations / Math.max(1e-3, (performance.now() - started) / 1000);
        const leadersOf = ({ leaders }: CandidateScore): ClassScore[] =>
          leaders.map((one) => ({ ...one, label: found.labels?.[one.index] ?? null }));
        const done = await attack(runner, question, found, rounded, {
          batch: Math.max(8, Math.min(400, Math.floor(BATCH_ELEMENTS / rounded.data.length))),
          context: { signal: control.signal, progress: () => undefined },
          onBest: ({ pixels, score, evaluations }) => {
            const partial = {
              pixels,
              probability: score.probability,
              evaluations,
              evaluationsPerSecond: perSecond(evaluations),
              leaders: leadersOf(score),
            };
            control.progress({ partial });
          },
        });
        const { image, method } = question;
        const { result, goal, watched, reached } = done;
        const [trueClass, target] =
          goal.kind === "class" ? [goal.trueClass, goal.target] : [goal.index, null];
        const most = goal.kind === "class" ? SHOWN_CLASSES : 0;
        return {
          ...{ ...(await tell(runner, found, rounded, done)), image, method, trueClass, target },
          ...{ output: found.output.spec.name, where: found.where && whereText(found.where) },
          value:
            goal.kind === "class"
              ? null
              : { name: watched.label ?? "", before: reached[0], raise: goal.raise },
          success: result.success,
          pixels: result.pixels,
          probability: reached[1],
          evaluations: result.evaluations,
          evaluationsPerSecond: perSecond(result.evaluations),
          leaders: leadersOf(result.score),
          before: topClasses(found.classes, most),
          after: topClasses(done.after, most),
          map:
            result.map && vulnerability(result.map, result.before.probability, directionOf(goal)),
        };
      }),
  };
}

type Story = Pick<
  Attack,
  "size" | "pictureBefore" | "pictureAfter" | "camBefore" | "camAfter" | "changedMaps"
>;

/** Pictures, heat maps and feature maps, before and after. */
async function tell(
  runner: Runner,
  found: Aim,
  input: FloatTensor,
  { result: { image }, goal }: Attacked,
): Promise<Story> {
  const { model } = runner;
  const [height, width] = pictureSize(pictureInput(model.graph));
  const view = (tensor: FloatTensor): Uint8Array =>
    opaque(asPictures(tensor, model.preprocessing).rgb);
  const shown = goal.kind === "class" ? at(found.ranked, 0).index : goal.index;
  const { cams, changed } = await attackStory(runner, found, shown, input, image);
  const most = Math.max(...(cams ?? []).map((map) => rangeOf(map).max), 1e-12);
  const bytes = (map: Float32Array | undefined): Uint8Array | null =>
    map ? toBytes(map, (value) => (value / most) * 255) : null;
  return {
    size: [height, width],
    pictureBefore: view(input),
    pictureAfter: view(image),
    camBefore: bytes(cams?.[0]),
    camAfter: bytes(cams?.[1]),
    changedMaps: changed.map((map) => ({ ...map, ...onOneScale(map) })),
  };
}

function onOneScale({ before, after }: ChangedMap): { before: Uint8Array; after: Uint8Array } {
  const [one, two] = [rangeOf(before), rangeOf(after)];
  const [min, max] = [Math.min(one.min, two.min), Math.max(one.max, two.max)];
  const byte = (value: number): number => (max > min ? ((value - min) / (max - min)) * 255 : 0);
  return { before: toBytes(before, byte), after: toBytes(after, byte) };
}

function opaque(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let i = 0, j = 0; i < rgb.length; i += 3, j += 4) rgba.set(rgb.subarray(i, i + 3), j);
  return rgba;
}

/** 255 = nothing gained at that pixel, 0 = all; of what is no probability, all is the most that any pixel gained. */
function vulnerability({ data }: FloatTensor, before: number, direction: 1 | -1): Uint8Array {
  const isShare = before >= 0 && before <= 1 && data.every((value) => value >= 0 && value <= 1);
  const { min, max } = rangeOf(data);
  const most = direction < 0 ? before - min : max - before;
  const all = isShare ? (direction < 0 ? before : 1 - before) : most;
  return toBytes(data, (value) => {
    const gained = all > 0 ? (direction * (value - before)) / all : 0;
    return 255 * (1 - Math.max(0, Math.min(1, gained)));
  });
}
