import { at } from "../../base/at.ts";
import type { AttackResult } from "../../methods/attack/types.ts";
import { topClasses } from "../../methods/predict/index.ts";
import {
  asPictures,
  attack,
  attackStory,
  pictureInput,
  pictureSize,
  type Runner,
} from "../../session/index.ts";
import type { Attack } from "../../shared/contract/experiments.ts";
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
        const input = asFloats(at(fed.inputs, 0));
        // what is attacked is the picture as it can be saved
        const rounded = asPictures(input, runner.model.preprocessing).rounded;
        const before = await runner.classesOf([rounded]);
        const trueClass = question.trueClass ?? at(topClasses(before, 1), 0).index;
        const started = performance.now();
        const perSecond = (evaluations: number): number =>
          evaluations / Math.max(1e-3, (performance.now() - started) / 1000);
        const found = await attack(runner, question, rounded, trueClass, {
          batch: Math.max(8, Math.min(400, Math.floor(BATCH_ELEMENTS / rounded.data.length))),
          context: { signal: control.signal, progress: () => undefined },
          onBest: ({ pixels, score, evaluations }) => {
            const partial = {
              pixels,
              probability: score.probability,
              evaluations,
              evaluationsPerSecond: perSecond(evaluations),
            };
            control.progress({ partial });
          },
        });
        const { image, method, target } = question;
        return {
          ...{ ...(await tell(runner, rounded, found)), image, method, trueClass, target },
          success: found.success,
          pixels: found.pixels,
          probability: found.score.probability,
          evaluations: found.evaluations,
          evaluationsPerSecond: perSecond(found.evaluations),
          before: topClasses(before, SHOWN_CLASSES),
          map: found.map && vulnerability(found.map, found.before.probability, target),
        };
      }),
  };
}

type Story = Pick<
  Attack,
  "after" | "size" | "pictureBefore" | "pictureAfter" | "camBefore" | "camAfter" | "changedMaps"
>;

/** Classes, pictures, heat maps and feature maps, before and after. */
async function tell(runner: Runner, input: FloatTensor, { image }: AttackResult): Promise<Story> {
  const { model } = runner;
  const [height, width] = pictureSize(pictureInput(model.graph));
  const view = (tensor: FloatTensor): Uint8Array =>
    opaque(asPictures(tensor, model.preprocessing).rgb);
  const { index: top } = at(topClasses(await runner.classesOf([input]), 1), 0);
  const { cams, changed } = await attackStory(runner, top, input, image);
  const most = Math.max(...(cams ?? []).map((map) => rangeOf(map).max), 1e-12);
  const bytes = (map: Float32Array | undefined): Uint8Array | null =>
    map ? toBytes(map, (value) => (value / most) * 255) : null;
  return {
    after: topClasses(await runner.classesOf([image]), SHOWN_CLASSES),
    size: [height, width],
    pictureBefore: view(input),
    pictureAfter: view(image),
    camBefore: bytes(cams?.[0]),
    camAfter: bytes(cams?.[1]),
    changedMaps: changed,
  };
}

function opaque(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let i = 0, j = 0; i < rgb.length; i += 3, j += 4) rgba.set(rgb.subarray(i, i + 3), j);
  return rgba;
}

/** 255 = nothing gained at that pixel, 0 = all. */
function vulnerability({ data }: FloatTensor, before: number, target: number | null): Uint8Array {
  return toBytes(data, (probability) => {
    const gained =
      target === null ? 1 - probability / before : (probability - before) / (1 - before);
    return 255 * (1 - Math.max(0, Math.min(1, gained)));
  });
}
