import { repeat } from "../../src/methods/repeat.ts";
import { plain } from "../../src/methods/maximize/plain/index.ts";
import { maximizeRows } from "../../src/session/index.ts";
import { floats } from "../../src/base/tensor.ts";
import { QUIET } from "./job.ts";
import type { Arrays, Job, Task } from "./types.ts";

export const maximizeTasks = {
  /** The plain recipe: filters of a layer as one batch, or without a layer the logit of a class. */
  async maximize(job): Promise<Arrays> {
    const { open, steps } = job;
    const targets = targetsOf(job);
    const asked = { targets, steps, seed: 1 };
    const rows = maximizeRows(job.runner(), asked, open.preprocessing, QUIET);
    const start = repeat(await job.given("start"), targets.length);
    const { rate } = await job.about();
    const { history } = await plain(rows, { start, rate });
    const [begun, reached] = [history[0], history.at(-1)].map((values = new Float32Array()) =>
      floats([values.length], values),
    );
    return { ...(begun && { begun }), ...(reached && { reached }) };
  },
} satisfies Readonly<Record<string, Task>>;

const targetsOf = ({
  layer,
  filters,
  classIndex,
}: Job): ({ layer: string; filter: number } | { classIndex: number })[] =>
  layer === null
    ? [{ classIndex }]
    : Array.from({ length: filters }, (_, filter) => ({ layer, filter }));
