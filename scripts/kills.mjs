/**
 * npm run kills: the compute process is killed under real questions, in the extension host of a real workbench. Every answer must be the
 * undisturbed one or a clear error, and nothing may be left.
 *
 *   --count=N (500)  --seed=N (1)
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureDependencies } from "./bootstrap.mjs";
import { root } from "./lib/places.mjs";
import { must } from "./lib/run.mjs";
import { say, since } from "./lib/say.mjs";

const { values } = parseArgs({ options: { count: { type: "string" }, seed: { type: "string" } } });
process.env.CONVLENS_KILLS = values.count ?? "500";
process.env.CONVLENS_SEED = values.seed ?? "1";
process.chdir(root);
await ensureDependencies();
const { hostTestsInCodeServer } = await import("./lib/host-tests.mjs");
await must(process.execPath, [path.join(root, "esbuild.js"), "--production"]);
const start = performance.now();
const { failed } = await hostTestsInCodeServer({ long: "kill" });
say(`${failed} faults in ${since(start)}`);
process.exitCode = failed > 0 ? 1 : 0;
