import { mapNode } from "../../src/methods/activations/index.ts";
import { repeat } from "../../src/methods/repeat.ts";
import { Explained } from "../../src/session/index.ts";
import { classTarget, gradCam } from "../../src/shared/question.ts";
import { QUIET } from "./job.ts";
import { forward } from "../../src/methods/forward.ts";
import { filled, floats, sizeOf, type FloatTensor } from "../../src/base/tensor.ts";
import { rangeOf } from "../../src/shared/tiles.ts";
import type { Arrays, Job, Task } from "./types.ts";

const fedWith = ({ array }: Job): { key: string; inputs: FloatTensor[] } => ({
  key: "input",
  inputs: [array],
});

export const mapTasks = {
  /** As the panel does it: all class scores, then the classes' maps, upsampled and normalised. */
  async gradcam(job): Promise<Arrays> {
    const runner = job.runner();
    const fed = fedWith(job);
    await runner.classes(fed);
    const targets = Array.from({ length: job.classes }, (_, i) => classTarget(job.classIndex + i));
    const explained = new Explained(runner, fed);
    const question = gradCam("input", targets, job.layer ?? "auto");
    const { maps, large, size } = await explained.cam(question, { context: QUIET });
    const heatmaps = large.map((heatmap) => normalised(heatmap, size));
    return { signed: stacked(maps.map(({ signed }) => signed)), heatmap: stacked(heatmaps) };
  },
  /** The feature maps of every convolution. */
  async activations(job): Promise<Arrays> {
    const { graph } = job.open;
    const layers = graph.layers.filter(({ className }) => className.includes("Conv2D"));
    const nodes = layers.map((layer) => mapNode(graph, layer, false));
    const values = await job.runner().values(fedWith(job), nodes);
    const arrays = layers.map(({ name }, i) => [name, values[i]] as const);
    return Object.fromEntries(arrays.filter((entry): entry is [string, FloatTensor] => !!entry[1]));
  },
  /** Class scores of a batch. */
  async forward(job): Promise<Arrays> {
    const { scores } = job.open;
    const subject = { graph: scores.graph, engine: job.engine };
    const rows = repeat(job.array, job.batch);
    const [logits] = await forward(subject, [rows], [scores.logits]);
    return logits ? { logits } : {};
  },
} satisfies Readonly<Record<string, Task>>;

function normalised(heatmap: Float32Array, size: readonly [number, number]): FloatTensor {
  const largest = Math.max(0, rangeOf(heatmap).max) || 1;
  return floats(
    size,
    filled(heatmap, (i) => (heatmap[i] ?? 0) / largest),
  );
}

function stacked(arrays: readonly FloatTensor[]): FloatTensor {
  const shape = [arrays.length, ...(arrays[0]?.shape ?? [])];
  const data = new Float32Array(sizeOf(shape));
  arrays.forEach((array, i) => data.set(array.data, i * array.data.length));
  return floats(shape, data);
}
