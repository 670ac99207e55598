/** npm run conformance: every format against the library that writes it, in one table. See README.md here. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { cache } from "../../scripts/lib/places.mjs";
import { pythonEnvironment } from "../../scripts/lib/python.mjs";
import { say, since } from "../../scripts/lib/say.mjs";
import { readOptions } from "./lib/options.mjs";
import { markdown } from "./lib/report.mjs";
import { runSuite } from "./lib/suite.mjs";

const here = import.meta.dirname;
const SIZES = { keras2: "about 1.5 GB", keras3: "about 1.5 GB", torch: "about 6 GB" };

/** The files beside this one: each exports `suites`. */
async function allSuites() {
  const files = readdirSync(here).filter((name) => name.endsWith(".mjs") && name !== "run.mjs");
  const modules = await Promise.all(
    files.sort().map((name) => import(pathToFileURL(path.join(here, name)).href)),
  );
  return modules.flatMap(({ suites }) => suites);
}

const pythons = {};
async function pythonFor(name, given) {
  const file = (kind) => path.join(here, "environments", `${kind}-${name}.txt`);
  pythons[name] ??=
    given ??
    (await pythonEnvironment({
      name,
      folder: path.join(cache, "conformance", `venv-${name}`),
      requirements: file("requirements"),
      constraints: file("constraints"),
      alone: existsSync(file("alone")) ? file("alone") : null,
      size: SIZES[name],
    }));
  return pythons[name];
}

const options = readOptions(process.argv.slice(2));
const known = await allSuites();
if (options.help || options.list) {
  const list = known.map(({ name, about }) => `${name}: ${about}`).join("\n");
  say(options.help ?? list);
  process.exit(0);
}
const unknown = options.only.filter((name) => !known.some((suite) => suite.name === name));
if (unknown.length > 0) {
  say(`unknown: ${unknown.join(", ")}; there are ${known.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const wanted = known.filter(({ name }) => options.only.length === 0 || options.only.includes(name));

if (wanted.length === 0) {
  say("There is no suite to run.");
  process.exit(2);
}

const start = performance.now();
const results = [];
for (const suite of wanted)
  for (const engine of options.engines) {
    say(`\n== ${suite.name}: ${suite.about}`);
    try {
      const python = await pythonFor(suite.environment, options.pythons[suite.environment]);
      results.push(await runSuite(suite, { ...options, engine, python }));
    } catch (error) {
      results.push({ suite: suite.name, engine: null, cases: [], broken: error.message });
    }
  }

const about = [...new Set(results.map(({ engine }) => engine?.version).filter(Boolean))];
const machine = `${new Date().toISOString().slice(0, 10)}; ${cpus()[0]?.model ?? ""}, ${process.platform} ${release()}; Node ${process.versions.node}; ${about.join(", ")}; ${since(start)}.`;
const text = markdown(results, machine);
say(`\n${text}`);
if (options.markdown) writeFileSync(options.markdown, text);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ machine, results }, null, 1)}\n`);
const good = results.every(
  ({ broken, cases }) => !broken && cases.every(({ ok, leftOut }) => ok || leftOut !== undefined),
);
process.exitCode = good ? 0 : 1;
