import type { AttributionName } from "../../src/shared/catalogue.ts";
import { Explained } from "../../src/session/index.ts";
import { QUIET } from "./job.ts";
import type { Arrays, Job, Task } from "./types.ts";

const explained = (job: Job): Explained =>
  new Explained(job.runner(), { key: "input", inputs: [job.array] });

const attribute =
  (method: AttributionName): Task =>
  async (job): Promise<Arrays> => {
    const { classIndex, steps } = job;
    const rest = { camLayer: null, seed: 1, context: QUIET };
    const asked = { ...rest, method, classIndex, steps };
    return { attribution: (await explained(job).attribution(asked)).attribution };
  };

export const attributionTasks = {
  "integrated-gradients": attribute("integrated-gradients"),
  smoothgrad: attribute("smoothgrad"),
  async "score-cam"(job): Promise<Arrays> {
    const [map] = await explained(job).heatMaps({
      ...{ layers: [job.open.layer(job.layer ?? "")], classes: [job.classIndex], minus: null },
      ...{ method: "score-cam", context: QUIET },
    });
    return map ? { signed: map.signed } : {};
  },
} satisfies Readonly<Record<string, Task>>;
