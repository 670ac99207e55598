/**
 * npm run bench: ConvLens beside what Python users run today, in one run, as ratios. See README.md here.
 * Needs the built extension (npm run build) and, for the peers, Python 3.11 with pip.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { hostTestsInCodeServer } from "../scripts/lib/host-tests.mjs";
import { node } from "../scripts/lib/run.mjs";
import { root } from "../scripts/lib/places.mjs";
import { say, since } from "../scripts/lib/say.mjs";
import { benchCache, makeEnvironments } from "./lib/environments.mjs";
import { measureRow } from "./lib/measure-row.mjs";
import { makeModels, MODELS } from "./lib/models.mjs";
import { readOptions } from "./lib/options.mjs";
import { ROWS } from "./lib/rows/index.mjs";
import { runGraph } from "./graph/run.mjs";
import { runMemory } from "./memory/run.mjs";
import { runPictures } from "./pictures/run.mjs";
import { describeMachine, loadAverage, markdown } from "./lib/table.mjs";

const options = readOptions(process.argv.slice(2));
if (options.help || options.list) {
  say(options.help ?? ROWS.map(({ name, models }) => `${name}: ${models.join(", ")}`).join("\n"));
  process.exit(0);
}
if (options.growth) {
  const { code } = await node(["--import=tsx", "bench/growth.ts", options.engine], { show: true });
  process.exit(code);
}
if (options.pictures) {
  await runPictures(options.markdown);
  process.exit(0);
}
if (options.graph) {
  await runGraph(options.markdown);
  process.exit(0);
}
if (options.memory) {
  await runMemory(options);
  process.exit(0);
}
if (options.host) {
  await must(["esbuild.js", "--production"]);
  await hostTestsInCodeServer({ long: "measure" });
  process.exit(0);
}
if (options.workbench) {
  const args = ["--import=tsx", "bench/workbench/run.ts", options.markdown ?? ""];
  const { code } = await node([...args, ...options.peers], { show: true });
  process.exit(code);
}
const wanted = ROWS.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
const modelsOf = (row) =>
  (options.quick ? row.quick : row.models).filter(
    (model) => options.models.length === 0 || options.models.includes(model),
  );
const names = [...new Set(wanted.flatMap(modelsOf))];
if (names.length === 0) {
  say("No row is left; --list names them.");
  process.exit(2);
}
if (!existsSync(path.join(root, "dist", "cli.js"))) {
  say("Building ...");
  await must(["esbuild.js", "--production"]);
}

const loadBefore = loadAverage();
const pythons = await makeEnvironments(options.peers, options.pythons);
const files = await makeModels(names, pythons);
const folder = path.join(benchCache, "out");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const contexts = {};
for (const [name, { h5, pt }] of Object.entries(files)) {
  const given = path.join(folder, name);
  const about = MODELS[name];
  await must(["--import=tsx", "bench/warm.ts", "inputs", h5, about.picture, given]);
  const input = path.join(given, "input.npy");
  contexts[name] = { h5, pt, input, folder: given, about, engine: options.engine, pythons };
}

const rows = [];
for (const row of wanted)
  for (const model of modelsOf(row).filter((name) => contexts[name])) {
    const start = performance.now();
    try {
      rows.push(...(await measureRow(row, model, contexts[model], options)));
      say(`${row.name} ${model}: done in ${since(start)}`);
    } catch (error) {
      say(`${row.name} ${model} failed: ${error.message}`);
      process.exitCode = 1;
    }
  }

const sides = rows.flatMap(({ details }) => [details.ours, details.peer]);
const versions = [...new Set(sides.map((side) => side?.about?.versions).filter(Boolean))];
const machine = describeMachine(versions, loadBefore);
const table = markdown(rows, machine);
say(`\n${table}`);
if (options.markdown) writeFileSync(options.markdown, table);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ machine, rows }, null, 1)}\n`);

async function must(args) {
  const { code, output } = await node(args);
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}\n${output}`);
}
