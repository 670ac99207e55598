/**
 * Our side of the warm rows: the parts that the compute process uses, without the process around them.
 *
 *   warm.ts serve '{"task": ..., ...}'            answers as the peers do, see peers/common.py; fields: `Job` in tasks/types.ts
 *   warm.ts inputs MODEL.h5 PICTURE FOLDER CLASS  writes what every side is given
 */
import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { childEnvironment } from "../src/host/compute/environment.ts";
import { encodeNpy } from "../src/pictures/index.ts";
import type { FloatTensor } from "../src/base/tensor.ts";
import { writeInputs } from "./inputs.ts";
import { TASKS } from "./tasks/index.ts";
import { openJob } from "./tasks/job.ts";
import type { Arrays, Asked } from "./tasks/types.ts";

const MEGABYTE = 2 ** 20;

async function serve(asked: Asked): Promise<void> {
  const task = TASKS[asked.task];
  if (!task)
    throw new RangeError(`no task '${asked.task}'; there are ${Object.keys(TASKS).join(", ")}`);
  const job = await openJob(asked);
  let result = await task(job);
  const say = (answer: object): void => console.log(JSON.stringify(answer));
  const { name, version } = job.engine.info;
  say({ ready: { versions: `${name} ${version}` } });
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, count = "1"] = line.split(" ");
    if (word === "save") {
      await save(asked.out, typeof result === "function" ? await result() : result);
      say({ peakMegabytes: (process.resourceUsage().maxRSS * 1024) / MEGABYTE });
      continue;
    }
    const seconds: number[] = [];
    const cpu: number[] = [];
    for (let i = 0; i < Number(count); i++) {
      const before = process.cpuUsage();
      const start = performance.now();
      result = await task(job);
      seconds.push((performance.now() - start) / 1000);
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1e6);
    }
    say({ seconds, cpu });
  }
  job.close();
}

async function save(folder: string, arrays: Arrays): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, array] of Object.entries(arrays)) {
    const safe = name.replaceAll("/", "_");
    await writeFile(join(folder, `${safe}.npy`), encodeNpy(withoutBatch(array)));
  }
}

const withoutBatch = (array: FloatTensor): FloatTensor =>
  array.shape.length === 4 && array.shape[0] === 1
    ? { ...array, shape: array.shape.slice(1) }
    : array;

const [mode, ...args] = process.argv.slice(2);
if (mode === "serve" && process.env["GLIBC_TUNABLES"] === undefined) {
  // started again as the extension host starts the compute process
  const env = childEnvironment(process.env, false);
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    ...{ env, stdio: "inherit" },
  });
  process.exitCode = status ?? 1;
} else if (mode === "serve") await serve(JSON.parse(args[0] ?? "{}") as Asked);
else if (mode === "inputs") await writeInputs(args);
else throw new RangeError("warm.ts serve ... or warm.ts inputs ...");
