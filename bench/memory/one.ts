/**
 * One method in this process: what it takes at its peak above what the process holds when the model is loaded and its forward pass
 * prepared. Prints `{ megabytes, rows }`; rows: how many were run at once at the most.
 */
import { writeFileSync } from "node:fs";
import type { Program } from "../../src/engine/types.ts";
import { memoryShares, Runner, ValueCache } from "../../src/session/index.ts";
import { openJob } from "../tasks/job.ts";
import type { Asked } from "../tasks/types.ts";
import { METHODS, type Layers } from "./methods.ts";

interface Measured extends Asked {
  readonly layers: Layers;
  readonly budgetBytes: number;
}

const asked = JSON.parse(process.argv[2] ?? "{}") as Measured;
const method = METHODS[asked.task];
if (!method) throw new RangeError(`no method '${asked.task}'`);
const job = await openJob(asked);
const { engine, open } = job;
const { run, kept } = memoryShares(asked.budgetBytes);
engine.runBytes = run;

let rows = 0;
const compile = engine.compile.bind(engine);
engine.compile = async (...what) => {
  const program = await compile(...what);
  const counted: Program["run"] = (feeds) => {
    rows = Math.max(rows, ...feeds.map(({ shape }) => shape[0] ?? 1));
    return program.run(feeds);
  };
  return {
    run: counted,
    rowBytes: program.rowBytes,
    batch: program.batch,
    dispose: () => undefined,
  };
};
const { graph, logits } = open.scores;
await engine.compile(
  graph,
  graph.inputs.map(({ node }) => node),
  [logits],
);

globalThis.gc?.();
const held = process.memoryUsage.rss();
forgetPeak();
await method(
  { ...job, runner: () => new Runner(open, engine, new ValueCache(kept)) },
  asked.layers,
);
const megabytes = (process.resourceUsage().maxRSS * 1024 - held) / 2 ** 20;
console.log(JSON.stringify({ megabytes: Math.max(0, megabytes), rows }));
job.close();

/** Loading may have taken more than the method will: Linux forgets the peak when it is told to. */
function forgetPeak(): void {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // elsewhere a peak never falls, and a method that takes less than loading did shows as that
  }
}
