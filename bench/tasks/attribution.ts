import { mapNode } from "../../src/methods/activations/index.ts";
import {
  attributionMethods,
  type AttributionMethod,
  type AttributionRequest,
} from "../../src/methods/attribute/index.ts";
import { scoreCamWeights, weightedSum } from "../../src/methods/cam/by-channel.ts";
import { blackInput, pictureInput, pictureSize } from "../../src/session/index.ts";
import { floats } from "../../src/shared/tensor.ts";
import type { Arrays, Job, Task } from "./types.ts";

const QUIET = { signal: new AbortController().signal, progress: () => undefined };

const attribute =
  (method: AttributionMethod): Task =>
  async (job): Promise<Arrays> => {
    const request: AttributionRequest = {
      ...{ ...common(job), camLayer: null, steps: job.steps, seed: 1 },
    };
    const { attribution } = await attributionMethods[method](request);
    return { attribution };
  };

export const attributionTasks = {
  "integrated-gradients": attribute("integrated-gradients"),
  smoothgrad: attribute("smoothgrad"),
  async "score-cam"(job): Promise<Arrays> {
    const { open } = job;
    const layer = job.layer ?? "";
    const maps = mapNode(open.graph, open.layer(layer), false);
    const runner = job.runner();
    const fed = { key: "input", inputs: [job.array] };
    const [value] = await runner.values(fed, [maps], open.scores.graph);
    if (!value) throw new RangeError("no maps came back");
    const weights = await scoreCamWeights({ ...common(job), layer, maps, value });
    const [, height = 1, width = 1] = value.shape;
    return { signed: floats([height, width], weightedSum(value, weights)) };
  },
} satisfies Readonly<Record<string, Task>>;

const common = (job: Job): Omit<AttributionRequest, "camLayer" | "steps" | "seed"> => ({
  ...{ subject: job.runner().subject, scores: job.open.scores, input: job.array },
  baseline: blackInput(pictureSize(pictureInput(job.open.graph)), job.open.preprocessing),
  ...{ classIndex: job.classIndex, batch: job.batch, context: QUIET },
});
