import { mapNode } from "../../src/methods/activations/index.ts";
import type { Objective } from "../../src/methods/maximize/index.ts";
import { plain } from "../../src/methods/maximize/plain.ts";
import { repeat } from "../../src/methods/batch.ts";
import { inputRange, pictureInput, pictureSize } from "../../src/session/index.ts";
import { floats } from "../../src/shared/tensor.ts";
import type { Arrays, Job, Task } from "./types.ts";

const QUIET = { signal: new AbortController().signal, progress: () => undefined };

export const maximizeTasks = {
  /** The plain recipe: filters of a layer as one batch, or without a layer the logit of a class. */
  async maximize(job): Promise<Arrays> {
    const { open } = job;
    const size = pictureSize(pictureInput(open.graph));
    const objectives = objectivesOf(job);
    const start = repeat(await job.given("start"), objectives.length);
    const { rate } = await job.about();
    const { history } = await plain(
      {
        ...{ subject: job.runner().subject, scores: open.scores, objectives, size },
        ...{ range: inputRange(open.preprocessing, size[2]), steps: job.steps, seed: 1 },
        context: QUIET,
      },
      { start, rate },
    );
    const reached = history.at(-1) ?? new Float32Array();
    return { reached: floats([reached.length], reached) };
  },
} satisfies Readonly<Record<string, Task>>;

function objectivesOf({ open, layer, filters, classIndex }: Job): Objective[] {
  if (layer === null) return [[{ weight: 1, term: { kind: "class", index: classIndex } }]];
  const node = mapNode(open.graph, open.layer(layer), false);
  return Array.from({ length: filters }, (_, filter): Objective => [
    { weight: 1, term: { kind: "channel", node, filter } },
  ]);
}
