/** npm run bench -- --memory: what each method takes at its peak, with the default budget and with a small one. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { must } from "../../scripts/lib/run.mjs";
import { say, since } from "../../scripts/lib/say.mjs";
import { benchCache } from "../lib/environments.mjs";
import { makeModels, MODELS } from "../lib/models.mjs";
import { describeMachine, loadAverage } from "../lib/table.mjs";

/** Default and small, in MB. */
const BUDGETS = [2048, 256];
const FORWARD = "forward, 1 picture";
/** What all is a multiple of is measured so often; the median counts. */
const FORWARDS = 5;
/** The exact attack is meant for small inputs. */
const METHODS = {
  lite0: [
    ...[FORWARD, "all feature maps", "Grad-CAM, last layer, 1 class"],
    ...["Grad-CAM, last layer, 5 classes", "Grad-CAM, early layer, 1 class"],
    ...["Grad-CAM, early layer, 5 classes", "ScoreCAM", "Integrated Gradients, 50 points"],
    ...["SmoothGrad, 25 samples", "RISE, 100 masks", "occlusion", "deletion and insertion"],
    ...["maximise 1 filter", "maximise 16 filters", "maximise a class", "one-pixel attack"],
    ...["preview of the exact attack", "census, 64 pictures", "two pictures compared"],
  ],
  resnet50: [FORWARD, "Integrated Gradients, 50 points", "SmoothGrad, 25 samples", "census, 64 pictures"], // prettier-ignore
  digits: [FORWARD, "exact attack"],
};

const HEAD = ["method", "model"].concat(
  BUDGETS.flatMap((budget) => [`${budget} MB: rows at once`, "peak above the model", "x forward"]),
);

/** @param {{ models: string[], only: string[], engine: string, markdown?: string }} options */
export async function runMemory({ models, only, engine, markdown }) {
  const before = loadAverage();
  const wanted = Object.keys(METHODS).filter(
    (name) => models.length === 0 || models.includes(name),
  );
  const files = await makeModels(wanted, {});
  const lines = [HEAD, HEAD.map(() => "---")];
  for (const [model, { h5 }] of Object.entries(files)) {
    const folder = path.join(benchCache, "out", model);
    await must(process.execPath, ["--import=tsx", "bench/warm.ts", "inputs", h5, MODELS[model].picture, folder]); // prettier-ignore
    const measure = (task, budget) => measured(task, { model, h5, folder, engine, budget });
    const runs = [];
    for (let i = 0; i < FORWARDS; i++) runs.push(await measure(FORWARD, BUDGETS[0]));
    const base = runs.sort((a, b) => a.megabytes - b.megabytes)[FORWARDS >> 1];
    for (const task of METHODS[model].filter(
      (name) => only.length === 0 || only.some((part) => name.includes(part)),
    )) {
      const start = performance.now();
      const cells = [];
      for (const budget of BUDGETS) {
        const { megabytes, rows } = task === FORWARD ? base : await measure(task, budget);
        cells.push(rows, `${Math.round(megabytes)} MB`, (megabytes / base.megabytes).toFixed(1));
      }
      lines.push([task, model, ...cells]);
      say(`${task} ${model}: ${cells.join(", ")} (${since(start)})`);
    }
  }
  const { date, cpu, cores, memory, kernel, node, load } = describeMachine([], before);
  const machine = `${date}; ${cpu}, ${cores} cores, ${memory} GB, ${kernel}; Node ${node}; engine ${engine}; load average ${load.before} before, ${load.after} after.`;
  const table = `${machine}\n\n${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
  say(`\n${table}`);
  if (markdown) writeFileSync(markdown, table);
}

/** @returns {Promise<{ megabytes: number, rows: number }>} from a process of its own: a peak never falls */
async function measured(task, { model, h5, folder, engine, budget }) {
  const { class: classIndex, cam, maps, maximized } = MODELS[model];
  const asked = {
    ...{ task, model: h5, input: path.join(folder, "input.npy"), folder, out: "", engine },
    ...{ layer: null, classIndex, classes: 1, filters: 1, steps: 0, batch: 1 },
    ...{ layers: { last: cam, early: maps, maximized }, budgetBytes: budget * 2 ** 20 },
  };
  const args = ["--expose-gc", "--import=tsx", "bench/memory/one.ts", JSON.stringify(asked)];
  const output = await must(process.execPath, args);
  const line = output.split("\n").find((text) => text.startsWith('{"megabytes"'));
  if (!line) throw new Error(`${task} on ${model} gave no measurement:\n${output}`);
  return JSON.parse(line);
}
