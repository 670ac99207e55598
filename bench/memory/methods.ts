/** What is measured, as the compute process asks it; each once, in a process of its own. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { screenAttack } from "../../src/methods/attack/screen.ts";
import type { Side } from "../../src/session/compare/both-aims.ts";
import { bothCams, bothMaps } from "../../src/session/compare/comparing.ts";
import { Explained, feedPicture, type Fed } from "../../src/session/index.ts";
import type { AttributionName } from "../../src/shared/catalogue.ts";
import { attributionBy, classTarget, gradCam } from "../../src/shared/question.ts";
import { requestOf } from "../tasks/attack.ts";
import { TASKS } from "../tasks/index.ts";
import { QUIET } from "../tasks/job.ts";
import type { Job } from "../tasks/types.ts";

/** Layers of the model in question. */
export interface Layers {
  readonly last: string;
  readonly early: string;
  readonly maximized: string;
}
type Method = (job: Job, layers: Layers) => Promise<unknown>;

/** A task of the timed rows. */
const task =
  (name: string, about: (layers: Layers) => Partial<Job> = () => ({})): Method =>
  async (job, layers) =>
    TASKS[name]?.({ ...job, ...about(layers) });

const fed = ({ array }: Job): Fed => ({ key: "input", inputs: [array] });
const explained = (job: Job): Explained => new Explained(job.runner(), fed(job));
const attribute =
  (method: AttributionName, steps: number | null): Method =>
  async (job) => {
    const targets = [classTarget(job.classIndex)];
    const question = { ...attributionBy(method, "input", targets), steps, seed: 1 };
    return explained(job)
      .attributions(question, () => QUIET)
      .next();
  };
/** As many candidates as the compute process scores at once where pictures have 224 x 224 pixels. */
const CANDIDATES = 33;
const PREVIEWED = 32;

export const METHODS: Readonly<Record<string, Method>> = {
  "forward, 1 picture": task("forward", () => ({ batch: 1 })),
  "all feature maps": task("activations"),
  "Grad-CAM, last layer, 1 class": task("gradcam", ({ last }) => ({ layer: last, classes: 1 })),
  "Grad-CAM, last layer, 5 classes": task("gradcam", ({ last }) => ({ layer: last, classes: 5 })),
  "Grad-CAM, early layer, 1 class": task("gradcam", ({ early }) => ({ layer: early, classes: 1 })),
  "Grad-CAM, early layer, 5 classes": task("gradcam", ({ early }) => ({
    ...{ layer: early, classes: 5 },
  })),
  ScoreCAM: task("score-cam", ({ last }) => ({ layer: last })),
  "Integrated Gradients, 50 points": task("integrated-gradients", () => ({ steps: 50 })),
  "SmoothGrad, 25 samples": task("smoothgrad", () => ({ steps: 25 })),
  "RISE, 100 masks": attribute("rise", 100),
  occlusion: attribute("occlusion", null),
  "deletion and insertion": async (job) => {
    const [, height = 1, width = 1] = job.array.shape;
    const heat = Float32Array.from({ length: height * width }, (_, i) => (i * 7919) % 1009);
    return explained(job).badge(heat, job.classIndex, QUIET);
  },
  "maximise 1 filter": task("maximize", ({ maximized }) => ({
    ...{ layer: maximized, filters: 1, steps: 5 },
  })),
  "maximise 16 filters": task("maximize", ({ maximized }) => ({
    ...{ layer: maximized, filters: 16, steps: 5 },
  })),
  "maximise a class": task("maximize", () => ({ layer: null, steps: 5 })),
  "one-pixel attack": task("attack", () => ({ batch: CANDIDATES, steps: 2 })),
  "preview of the exact attack": async (job) =>
    screenAttack({ ...requestOf(job), batch: CANDIDATES }, PREVIEWED),
  "exact attack": task("attack-exact", () => ({ batch: 400 })),
  "census, 64 pictures": task("census"),
  "two pictures compared": async (job) => {
    const folder = join(job.folder, "pictures");
    const [, second = ""] = (await readdir(folder)).sort();
    const runner = job.runner();
    const a: Side = { runner, fed: fed(job) };
    const b: Side = {
      runner,
      fed: await feedPicture(job.open, job.pictures, join(folder, second)),
    };
    const { layers } = job.open.graph;
    for (const { name } of layers.filter(({ className }) => className.includes("Conv2D")))
      await bothMaps(a, b, name);
    const question = gradCam("input", { top: 5 });
    return bothCams(a, b, { question, difference: "own" }, QUIET);
  },
};
