import { differentialEvolution } from "../../src/methods/attack/differential-evolution.ts";
import { exactAttack } from "../../src/methods/attack/exact.ts";
import { classGoal } from "../../src/methods/attack/rules.ts";
import { candidateScorer } from "../../src/methods/attack/score.ts";
import type { AttackRequest } from "../../src/methods/attack/types.ts";
import { floats } from "../../src/base/tensor.ts";
import { QUIET } from "./job.ts";
import type { Arrays, Job, Task } from "./types.ts";

export const requestOf = (job: Job): AttackRequest => ({
  ...{ subject: job.runner().subject, scores: job.open.scores, input: job.array },
  ...{ scaling: job.open.preprocessing, goal: classGoal(job.classIndex), seed: 1 },
  batch: job.batch,
  context: QUIET,
});

export const attackTasks = {
  /** Differential evolution; what is compared are the scores of candidates that all sides are given. */
  async attack(job): Promise<() => Promise<Arrays>> {
    const { evaluations, success } = await differentialEvolution(requestOf(job), {
      pixels: 1,
      population: job.batch,
      generations: job.steps - 1,
    });
    if (success || evaluations !== job.batch * job.steps)
      throw new RangeError(`the attack ended after ${evaluations} evaluations`);
    return async () => {
      const { subject, scores } = requestOf(job);
      const score = await candidateScorer(subject, scores, job.classIndex);
      const own = await score(await job.given("candidates"));
      const data = Float32Array.from(own, ({ probability }) => probability);
      return { probabilities: floats([data.length], data) };
    };
  },
  async "attack-exact"(job): Promise<Arrays> {
    const { map } = await exactAttack(requestOf(job));
    return map ? { map } : {};
  },
} satisfies Readonly<Record<string, Task>>;
