import { mapNode } from "../../methods/activations/index.ts";
import {
  attributionMethods,
  warnings,
  type AttributionRequest,
} from "../../methods/attribute/index.ts";
import { topClasses } from "../../methods/predict/index.ts";
import { deletionInsertion } from "../../methods/trust/index.ts";
import { blackInput, pictureInput, pictureSize } from "../../session/index.ts";
import { usageError } from "../../shared/errors.ts";
import { asFloats } from "../../shared/tensor.ts";
import type { State } from "../state.ts";
import { timed, type Part } from "./timed.ts";

const BATCH = 8;
/** Values above this share of all are drawn as if they were there: one hot pixel must not darken the rest. */
const PERCENTILE = 0.99;

export function attributeHandlers(state: State): Part<"attribute"> {
  return {
    attribute: ({ model, image, method, classIndex, steps, seed }, context) =>
      timed(async () => {
        const { runner, fed } = await state.run(model, image);
        const open = runner.model;
        const classes = await runner.classes(fed);
        const score = classIndex === null ? topClasses(classes, 1)[0] : classes[classIndex];
        if (!score) throw usageError(`Class ${classIndex} is outside 0..${classes.length - 1}.`);
        const [input] = fed.inputs;
        if (!input) throw new RangeError("nothing was fed");
        const cam = open.summary.camLayer;
        const request: AttributionRequest = {
          subject: runner.subject,
          scores: open.scores,
          input: asFloats(input),
          baseline: blackInput(pictureSize(pictureInput(open.graph)), open.preprocessing),
          classIndex: score.index,
          camLayer: cam && {
            name: cam.name,
            maps: mapNode(open.graph, open.layer(cam.name), false),
          },
          steps,
          seed,
          batch: BATCH,
          context,
        };
        const { attribution, delta, steps: used } = await attributionMethods[method](request);
        const [height = 1, width = 1, channels = 1] = attribution.shape;
        const sums = sumChannels(attribution.data, channels);
        const signed = sums.some((value) => value < 0);
        const scale = percentile(sums);
        const heat = Uint8Array.from(sums, (value) => {
          const unit = scale === 0 ? 0 : Math.max(-1, Math.min(1, value / scale));
          return signed ? Math.round(128 + 127 * unit) : Math.round(255 * unit);
        });
        const { deletion, insertion, settings } = await deletionInsertion(
          { ...request, context: { ...context, progress: () => undefined } },
          sums.map(Math.abs),
        );
        const result = {
          image,
          method,
          score,
          size: [height, width] as const,
          heat,
          signed,
          scale,
          delta,
          steps: used,
          warning: warnings[method] ?? null,
          badge: { deletion, insertion, settings },
        };
        return { engine: runner.engine.info.name, result };
      }),
  };
}

function sumChannels(values: Float32Array, channels: number): Float32Array {
  const sums = new Float32Array(values.length / channels);
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor(i / channels);
    sums[at] = (sums[at] ?? 0) + (values[i] ?? 0);
  }
  return sums;
}

function percentile(values: Float32Array): number {
  const sorted = values.map(Math.abs).sort();
  return sorted[Math.floor(PERCENTILE * (sorted.length - 1))] ?? 0;
}
