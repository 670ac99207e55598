import type { AttributionName } from "../../src/shared/catalogue.ts";
import { Explained } from "../../src/session/index.ts";
import { attributionBy, classTarget, gradCam } from "../../src/shared/question.ts";
import { QUIET } from "./job.ts";
import type { Arrays, Job, Task } from "./types.ts";

const explained = (job: Job): Explained =>
  new Explained(job.runner(), { key: "input", inputs: [job.array] });

const attribute =
  (method: AttributionName): Task =>
  async (job): Promise<Arrays> => {
    const { classIndex, steps } = job;
    const targets = [classTarget(classIndex)];
    const question = { ...attributionBy(method, "input", targets), steps, seed: 1 };
    const next = await explained(job)
      .attributions(question, () => QUIET)
      .next();
    return next.done ? {} : { attribution: next.value.attribution };
  };

export const attributionTasks = {
  "integrated-gradients": attribute("integrated-gradients"),
  smoothgrad: attribute("smoothgrad"),
  async "score-cam"(job): Promise<Arrays> {
    const asked = gradCam("input", [classTarget(job.classIndex)], job.layer ?? "auto");
    const question = { ...asked, method: "score-cam" } as const;
    const [map] = (await explained(job).cam(question, { context: QUIET })).maps;
    return map ? { signed: map.signed } : {};
  },
} satisfies Readonly<Record<string, Task>>;
